-- The roles behind the process boundaries: one for the owner of the schema, who migrates, and one for each process.
-- Runs as a superuser, as often as one likes. Passwords are set elsewhere: by passwords.sh where processes connect over TCP,
-- and not at all in the embedded cluster, whose socket folder only its own user can enter.
-- What each role may touch is granted by the migrations, next to the tables.
DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['fc_owner', 'fc_api', 'fc_web', 'fc_provisioner', 'fc_backup'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I', role_name);
        END IF;
        -- Also after an upgrade: no process may create databases or roles, or step around row-level security.
        EXECUTE format('ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', role_name);
    END LOOP;
END
$$;
