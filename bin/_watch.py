"""Runs a server and starts it again whenever it ends: _watch.py COMMAND [ARGUMENT ...]

SIGTERM or SIGINT stops both. A server that ends soon after its start, again and again,
is started after a pause that doubles from one second to a minute.
"""

import signal
import subprocess
import sys
import time

LONGEST_PAUSE = 60  # seconds
# A server that ran this long, in seconds, had started well: the pause is short again.
STEADY = 60
PATIENCE = 10  # seconds for a server to end by itself


class Watch:
    def __init__(self, command):
        self.command = command
        self.server = None
        self.stopping = False

    def run(self):
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        signal.signal(signal.SIGALRM, lambda *_: self.server.kill())
        pause = 1
        while not self.stopping:
            started = time.monotonic()
            # The server inherits the lock by which bin/serve keeps PostgreSQL running.
            self.server = subprocess.Popen(self.command, close_fds=False)
            if self.stopping:  # a signal came while it was being started
                self.stop()
            status = self.server.wait()
            if self.stopping:
                return
            if time.monotonic() - started > STEADY:
                pause = 1
            ended = f"was killed by signal {-status}" if status < 0 else "ended"
            self.say(f"the server {ended}, it is started again in {pause} s.")
            until = time.monotonic() + pause
            while time.monotonic() < until and not self.stopping:
                time.sleep(0.1)
            pause = min(2 * pause, LONGEST_PAUSE)

    def say(self, text):
        print(time.strftime("%F %T"), f"bin/serve: {text}", flush=True)

    def stop(self, *_signal):
        # no exception: one that is raised while Popen starts the server would lose it
        self.stopping = True
        if self.server:
            self.server.terminate()
            signal.alarm(PATIENCE)


if __name__ == "__main__":
    Watch(sys.argv[1:]).run()
