-- What generate.ts reads: everything that the server itself says about its parameters, as one JSON object.
select json_build_object(
  'version', current_setting('server_version'),
  'parameters', (
    select json_agg(json_build_object(
        'name', name, 'vartype', vartype, 'unit', unit, 'min', min_val, 'max', max_val,
        'enumvals', enumvals, 'context', context, 'boot', boot_val) order by name collate "C")
    from pg_settings where name not like '%.%'),
  'libraries', (
    select json_agg(regexp_replace(file, '\.so$', '') order by file collate "C")
    from pg_ls_dir((select setting from pg_config where name = 'PKGLIBDIR')) file where file like '%.so'),
  'encodings', (
    select json_agg(encoding) from (select pg_encoding_to_char(id) encoding from generate_series(0, 99) id) t
    where encoding <> ''),
  'timeZones', (
    select json_agg(name order by name collate "C") from pg_timezone_names where name !~ '^(posix|right)/')
);
