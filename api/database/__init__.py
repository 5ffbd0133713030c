"""PostgreSQL: the connection pool, the tables, the migrations, the server that comes along."""
