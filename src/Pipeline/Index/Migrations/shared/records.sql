-- What is kept beside the outputs of schedules, webhooks, keys, files and batches, to make the index of it again.

create table saved_records (
    kind        {key} not null,                   -- the table: schedules, webhooks, keys, files or batches
    record      {key} not null,                   -- the row's id; of a schedule TENANT/NAME
    mark        {key} not null,                   -- the row as it was kept: another one with each change
    primary key (kind, record)
);
