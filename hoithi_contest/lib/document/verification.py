"""The code on a paper that leads to the page that tells whether it stands."""

import base64
import io

#: Side of the printed code in mm: any camera reads it.
SIDE = 15


def code(address: str, text: str) -> dict[str, str | float]:
    """Return the QR code of an address as the context of a paper has pictures.

    :param text: what it says to those who don't see it
    """
    # heavy, and asked for only while a paper is made
    import qrcode

    maker = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=4, border=1
    )
    maker.add_data(address)
    buffer = io.BytesIO()
    maker.make_image().save(buffer, "PNG")
    return {
        "png": base64.b64encode(buffer.getvalue()).decode(),
        "width_mm": SIDE,
        "text": text,
    }


def no_code() -> dict[str, str | float]:
    """Return what stands for the code of a paper that has none."""
    return {"png": "", "width_mm": 0, "text": ""}
