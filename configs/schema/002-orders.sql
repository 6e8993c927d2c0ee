-- No foreign key to users: a subscriber does not get them all.
create table orders (
  id bigint generated always as identity primary key,
  user_id bigint not null,
  amount numeric(12, 2) not null check (amount >= 0),
  created_at timestamptz not null default now()
);

create index orders_user_id on orders (user_id);
