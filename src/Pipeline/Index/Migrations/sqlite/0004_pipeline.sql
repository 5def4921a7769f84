-- What the pipeline needs beside the jobs. Files take the old tasks' place.

drop view v_job_progress;

alter table tasks rename to old_tasks;

alter table jobs add column priority text not null default 'normal';
alter table jobs add column manifest text;                          -- as it was handed in, JSON
alter table jobs add column parent_id text references jobs (id) on delete cascade;
alter table jobs add column place integer not null default 0;       -- among the parent's jobs, from 0
alter table jobs add column idempotency_key text;
alter table jobs add column body_hash text;
alter table jobs add column plan_attempt integer not null default 0;
alter table jobs add column plan_until text;                        -- the planner's lease
alter table jobs add column plan_lease real;                        -- its length in seconds
alter table jobs add column plan_claim text;
alter table jobs add column planned_at text;
alter table jobs add column expires_at text;
alter table jobs add column input_etag text;
alter table jobs add column problems text;                          -- JSON
alter table jobs add column warnings text;                          -- JSON
alter table jobs add column estimate_seconds real;
alter table jobs add column version integer not null default 0;     -- one more with each change

-- @include shared/pipeline.sql

insert into artifacts (job_id, path, kind, cell, part, nfe, tokens, seconds)
select t.job_id, printf('%s/%s/part-%05d.jsonl', j.output, t.cell, t.part), 'part', t.cell, t.part, t.nfe, t.tokens, t.seconds
from old_tasks t join jobs j on j.id = t.job_id where t.state = 'completed' and t.cell <> '';

drop table old_tasks;
