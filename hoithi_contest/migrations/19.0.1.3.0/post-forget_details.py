#: What a form told of each author for its own sake alone.
EMPTY = '{"birth_date": "", "gender": "", "qualification": ""}'


def migrate(cr, version):
    """Entries whose contact data went keep nothing that was given for the form."""
    cr.execute(
        """UPDATE hoithi_entry_author a
              SET qualification = NULL, birth_date = NULL, gender = NULL
             FROM hoithi_entry e
            WHERE e.id = a.entry_id AND e.anonymised_on IS NOT NULL"""
    )
    cr.execute(
        """UPDATE hoithi_document d
              SET context_json = jsonb_set(
                      d.context_json, '{authors}',
                      (SELECT jsonb_agg(line.told || %s::jsonb ORDER BY line.number)
                         FROM jsonb_array_elements(d.context_json -> 'authors')
                              WITH ORDINALITY AS line (told, number)))
             FROM hoithi_entry e
            WHERE e.id = d.entry_id AND e.anonymised_on IS NOT NULL
              AND d.kind = 'registration'
              AND jsonb_typeof(d.context_json -> 'authors') = 'array'
              AND d.context_json -> 'authors' <> '[]'::jsonb""",
        [EMPTY],
    )
