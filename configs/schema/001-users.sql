create table users (
  id bigint generated always as identity primary key,
  name text not null,
  email text not null unique,
  password_hash text,
  active boolean not null default true
);

-- What a publication filters by must be part of the replica identity, which tells a subscriber which row was updated or deleted.
create unique index users_replica_identity on users (id, active);
alter table users replica identity using index users_replica_identity;
