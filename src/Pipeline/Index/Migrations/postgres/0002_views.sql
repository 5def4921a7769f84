-- Views for dashboards. Times are timestamptz.

-- Quality against denoising steps, with what the quality hangs on beside it: a row a cell and metric of a finished evaluation.
create view v_sweep_quality as
select j.name as job,
       j.output as report,
       m.cell,
       coalesce(p.steps, cast(substring(m.cell from '^steps=([0-9]+)') as bigint)) as steps,
       m.name as metric,
       m.score,
       m.low,
       m.high,
       m.signature,
       j.finished_at::timestamptz as finished_at,
       p.preset,
       p.length_source,
       p.temperature,
       p.latency_median,
       p.latency_p95,
       1.0 * p.forward_passes / nullif(p.items, 0) as forward_passes_per_item
from metrics m
join jobs j on j.id = m.job_id
left join sweep_points p on p.job_id = m.job_id and p.cell = m.cell
where j.kind = 'evaluate' and j.state in ('completed', 'completedWithErrors');

-- What each cell of a finished evaluation cost.
create view v_cost as
select j.name as job,
       j.output as report,
       p.cell,
       p.steps,
       p.preset,
       p.length_source,
       p.temperature,
       p.items,
       p.forward_passes,
       1.0 * p.forward_passes / nullif(p.items, 0) as forward_passes_per_item,
       p.tokens,
       p.seconds,
       p.seconds / nullif(p.items, 0) as seconds_per_item,
       p.tokens / nullif(p.seconds, 0) as tokens_per_second,
       p.latency_median,
       p.latency_p95,
       p.flops,
       p.flops / nullif(p.items, 0) as flops_per_item,
       p.peak_memory,
       p.price_per_thousand_items,
       p.currency,
       j.finished_at::timestamptz as finished_at
from sweep_points p
join jobs j on j.id = p.job_id
where j.state in ('completed', 'completedWithErrors') and p.items is not null;

-- How far each job is: by tasks where workers run it, by files where `dbatch run` does.
create view v_job_progress as
select j.id,
       j.name,
       j.kind,
       j.state,
       j.output,
       j.parent_id,
       j.priority,
       j.tasks_total,
       case when j.planned_at is null then coalesce(f.parts, 0) else coalesce(t.done, 0) end as tasks_done,
       coalesce(t.running, 0) as tasks_running,
       coalesce(t.queued, 0) as tasks_queued,
       case when j.state in ('completed', 'completedWithErrors') then 1.0
            when j.tasks_total = 0 then 0.0
            when j.planned_at is null then 1.0 * coalesce(f.parts, 0) / j.tasks_total
            else coalesce(t.share, 0) / j.tasks_total end as share_done,
       j.items_total,
       coalesce(j.items_succeeded, t.succeeded) as items_succeeded,
       coalesce(j.items_errored, t.errored) as items_errored,
       coalesce(t.failures, 0) as failures,
       j.owner,
       j.error,
       j.created_at::timestamptz as created_at,
       j.started_at::timestamptz as started_at,
       j.finished_at::timestamptz as finished_at,
       j.expires_at::timestamptz as expires_at,
       extract(epoch from j.finished_at::timestamptz - j.started_at::timestamptz)::double precision as seconds,
       j.estimate_seconds
from jobs j
left join (
    select job_id,
           sum(case when state in ('completed', 'poisoned') then 1 else 0 end) as done,
           sum(case when state = 'running' then 1 else 0 end) as running,
           sum(case when state = 'queued' then 1 else 0 end) as queued,
           sum(case when state in ('completed', 'poisoned') then 1.0
                    when progress_total > 0 then 1.0 * progress_done / progress_total
                    else 0.0 end) as share,
           cast(sum(succeeded) as bigint) as succeeded,
           cast(sum(errored) as bigint) as errored,
           cast(sum(failures) as bigint) as failures
    from tasks
    where parent is null
    group by job_id) t on t.job_id = j.id
left join (
    select job_id, count(*) as parts from artifacts where kind = 'part' group by job_id) f on f.job_id = j.id;

-- One row a finished file of results: a time series of what was made.
create view v_parts as
select j.name as job,
       j.id as job_id,
       j.kind,
       a.cell,
       a.part,
       a.path,
       a.lines,
       a.errored,
       a.nfe as forward_passes,
       a.tokens,
       a.seconds,
       a.tokens / nullif(a.seconds, 0) as tokens_per_second,
       a.bytes,
       t.finished_at::timestamptz as finished_at
from artifacts a
join jobs j on j.id = a.job_id
left join tasks t on t.job_id = a.job_id and t.part = a.part and t.parent is null
where a.kind = 'part';

-- One row a try of a task: who had it, how long, how it ended. Failing and lapsed ones are what alerts look for.
create view v_attempts as
select j.name as job,
       j.id as job_id,
       j.kind,
       a.ordinal as task,
       a.attempt,
       a.owner,
       a.started_at::timestamptz as started_at,
       a.ended_at::timestamptz as ended_at,
       extract(epoch from a.ended_at::timestamptz - a.started_at::timestamptz)::double precision as seconds,
       a.outcome,
       a.error
from attempts a
join jobs j on j.id = a.job_id;

-- What waits and what runs, by priority. A pipeline that is healthy has no message that waits for minutes.
create view v_queue as
select j.priority,
       sum(case when t.state = 'queued' then 1 else 0 end) as tasks_queued,
       sum(case when t.state = 'running' then 1 else 0 end) as tasks_running,
       cast(sum(case when t.state = 'queued' then t.item_count else 0 end) as bigint) as items_queued,
       (min(case when t.state = 'queued' then t.created_at end))::timestamptz as oldest_queued,
       (min(case when t.state = 'running' then t.lease_until end))::timestamptz as first_lease_until
from tasks t
join jobs j on j.id = t.job_id
where t.state in ('queued', 'running') and j.state in ('queued', 'running', 'cancelling')
group by j.priority;

-- Who works on what now.
create view v_workers as
select t.owner as worker,
       count(*) as tasks,
       (min(t.lease_until))::timestamptz as first_lease_until,
       cast(sum(t.progress_done) as bigint) as units_done,
       cast(sum(t.progress_total) as bigint) as units_total
from tasks t
where t.state = 'running'
group by t.owner;

-- Items with errors, by code.
create view v_item_errors as
select j.name as job,
       j.id as job_id,
       e.key as code,
       cast(sum(e.value::bigint) as bigint) as items
from tasks t
join jobs j on j.id = t.job_id
cross join lateral json_each_text(t.errors::json) e
where t.parent is null and t.errors is not null
group by j.name, j.id, e.key;

-- How long jobs were expected to take, and took, in seconds of one worker.
create view v_estimates as
select j.name as job,
       j.id as job_id,
       j.kind,
       j.estimate_seconds,
       w.worker_seconds,
       w.worker_seconds / nullif(j.estimate_seconds, 0) as actual_to_estimate,
       j.finished_at::timestamptz as finished_at
from jobs j
join (
    select a.job_id, sum(extract(epoch from a.ended_at::timestamptz - a.started_at::timestamptz)::double precision) as worker_seconds
    from attempts a where a.ended_at is not null group by a.job_id) w on w.job_id = j.id
where j.finished_at is not null;
