-- What a dump of a released version needs not tell: for make_dump.

-- Files of Odoo's own: assets, flags, icons, pictures of persons.
DELETE FROM ir_attachment
 WHERE res_model IS NULL OR res_model NOT LIKE 'hoithi.%';
UPDATE ir_ui_view SET arch_prev = NULL;
TRUNCATE wizard_ir_model_menu_create, bus_bus;

-- Vietnamese of other modules, which an update of this one leaves alone.
DO $$
DECLARE
    part record;
BEGIN
    FOR part IN
        SELECT c.table_name, c.column_name, m.model
          FROM information_schema.columns c
          JOIN ir_model m ON replace(m.model, '.', '_') = c.table_name
          JOIN ir_model_fields f ON f.model_id = m.id AND f.name = c.column_name
         WHERE c.table_schema = 'public' AND c.data_type = 'jsonb' AND f.translate IS NOT NULL
           AND c.table_name NOT LIKE 'hoithi%'
    LOOP
        EXECUTE format(
            'UPDATE %1$I SET %2$I = %2$I - ''vi_VN''
              WHERE %2$I ? ''vi_VN'' AND %2$I ? ''en_US'' AND id NOT IN (
                    SELECT res_id FROM ir_model_data
                     WHERE module = ''hoithi_contest'' AND model = %3$L)',
            part.table_name, part.column_name, part.model);
    END LOOP;
END $$;

-- Indexes on unaccent need a superuser, who makes it immutable; an update makes them.
DO $$
DECLARE
    part record;
BEGIN
    FOR part IN SELECT indexname FROM pg_indexes WHERE indexdef LIKE '%unaccent%'
    LOOP
        EXECUTE format('DROP INDEX %I', part.indexname);
    END LOOP;
END $$;
