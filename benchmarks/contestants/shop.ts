/** A database as applications have them: most of it is one table with two indexes, which one worker copies; two smaller tables are beside it. */
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

/** Adds the orders with these ids, made by the server itself, with a customer for every twenty of them. */
export function growShop(first: number, last: number): string {
  const customers = (orders: number) => Math.floor(orders / 20);
  const products = first === 1 ? 1000 : 0;
  return `insert into products
  select id, 'product ' || md5(id::text), round((random() * 500)::numeric, 2)
  from generate_series(1, ${products}) id;
insert into customers
  select id, md5(id::text) || '@example.com', 'customer ' || id, now() - random() * interval '3 years'
  from generate_series(${customers(first - 1) + 1}, ${customers(last)}) id;
insert into orders
  select id, 1 + floor(random() * ${customers(last)}), 1 + floor(random() * 1000), 1 + floor(random() * 5),
    round((random() * 900)::numeric, 2), (array['new', 'paid', 'shipped', 'returned'])[1 + floor(random() * 4)::int],
    repeat(md5(random()::text), 3), now() - random() * interval '3 years'
  from generate_series(${first}, ${last}) id;`;
}
