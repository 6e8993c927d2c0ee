/** A database as applications have them: most of it in one table with two indexes, which is what is copied last; two smaller tables beside it. */
export const shopSchema = `create table products (
  id int primary key,
  name text not null,
  price numeric(10, 2) not null
);
create table customers (
  id bigint primary key,
  email text not null unique,
  name text not null,
  joined_at timestamptz not null
);
create table orders (
  id bigint primary key,
  customer bigint not null,
  product int not null,
  quantity smallint not null,
  amount numeric(12, 2) not null,
  status text not null,
  note text not null,
  placed_at timestamptz not null
);
create index orders_of_customer on orders (customer, placed_at);
`;

/** Bytes of all tables with their indexes. */
export const shopSize = `select sum(pg_total_relation_size(oid))::float8 as bytes
  from pg_class where oid in ('products'::regclass, 'customers'::regclass, 'orders'::regclass)`;

/** Statements that add the orders with ids from $1 to $2, made by the server itself, with a customer for every twenty of them. */
export const growShop = [
  `insert into products
    select id, 'product ' || md5(id::text), round((random() * 500)::numeric, 2) from generate_series(1, 1000) id
    where $1::bigint = 1 and $2::bigint > 0`,
  `insert into customers
    select id, md5(id::text) || '@example.com', 'customer ' || id, now() - random() * interval '3 years'
    from generate_series($1::bigint / 20 + 1, $2::bigint / 20) id`,
  `insert into orders
    select id, 1 + floor(random() * ($2::bigint / 20)), 1 + floor(random() * 1000), 1 + floor(random() * 5), round((random() * 900)::numeric, 2),
      (array['new', 'paid', 'shipped', 'returned'])[1 + floor(random() * 4)::int], repeat(md5(random()::text), 3), now() - random() * interval '3 years'
    from generate_series($1::bigint, $2::bigint) id`,
];
