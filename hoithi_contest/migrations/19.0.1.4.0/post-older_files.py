def migrate(cr, _version):
    """Entries whose older files (.doc, .xls and the like) weren't read are read again.

    In the background, one after the other, as what is handed in anew.
    """
    cr.execute(
        r"""UPDATE hoithi_novelty_text t SET state = 'waiting', read_on = NULL
              FROM hoithi_entry e
             WHERE e.id = t.entry_id AND e.anonymised_on IS NULL
               AND EXISTS (
                   SELECT FROM hoithi_dossier_item i
                    WHERE i.entry_id = e.id AND i.active
                      AND t.unread @> TO_JSONB(i.type_id)
                      AND i.filename ~* '\.(docm?|dot|dotx|rtf|ppt|xls|ods|odp)$')"""
    )
