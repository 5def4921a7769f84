-- Whose a row is, at the end of the views that didn't say so: '' for the default tenant. v_workers stays: workers are everybody's.

drop view v_job_progress;

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
       {time j.created_at} as created_at,
       {time j.started_at} as started_at,
       {time j.finished_at} as finished_at,
       {time j.expires_at} as expires_at,
       {seconds j.started_at, j.finished_at} as seconds,
       j.estimate_seconds,
       j.tenant
from jobs j
left join (
    select job_id,
           sum(case when state in ('completed', 'poisoned') then 1 else 0 end) as done,
           sum(case when state = 'running' then 1 else 0 end) as running,
           sum(case when state = 'queued' then 1 else 0 end) as queued,
           sum(case when state in ('completed', 'poisoned') then 1.0
                    when progress_total > 0 then 1.0 * progress_done / progress_total
                    else 0.0 end) as share,
           {whole sum(succeeded)} as succeeded,
           {whole sum(errored)} as errored,
           {whole sum(failures)} as failures
    from tasks
    where parent is null
    group by job_id) t on t.job_id = j.id
left join (
    select job_id, count(*) as parts from artifacts where kind = 'part' group by job_id) f on f.job_id = j.id;

drop view v_parts;

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
       {time t.finished_at} as finished_at,
       j.tenant
from artifacts a
join jobs j on j.id = a.job_id
left join tasks t on t.job_id = a.job_id and t.part = a.part and t.parent is null
where a.kind = 'part';

drop view v_attempts;

-- One row a try of a task: who had it, how long, how it ended. Failing and lapsed ones are what alerts look for.
create view v_attempts as
select j.name as job,
       j.id as job_id,
       j.kind,
       a.ordinal as task,
       a.attempt,
       a.owner,
       {time a.started_at} as started_at,
       {time a.ended_at} as ended_at,
       {seconds a.started_at, a.ended_at} as seconds,
       a.outcome,
       a.error,
       j.tenant
from attempts a
join jobs j on j.id = a.job_id;

drop view v_queue;

-- What waits and what runs, by tenant and priority. A pipeline that is healthy has no message that waits for minutes.
create view v_queue as
select j.priority,
       sum(case when t.state = 'queued' then 1 else 0 end) as tasks_queued,
       sum(case when t.state = 'running' then 1 else 0 end) as tasks_running,
       {whole sum(case when t.state = 'queued' then t.item_count else 0 end)} as items_queued,
       {time min(case when t.state = 'queued' then t.created_at end)} as oldest_queued,
       {time min(case when t.state = 'running' then t.lease_until end)} as first_lease_until,
       j.tenant
from tasks t
join jobs j on j.id = t.job_id
where t.state in ('queued', 'running') and j.state in ('queued', 'running', 'cancelling')
group by j.tenant, j.priority;

drop view v_estimates;

-- How long jobs were expected to take, and took, in seconds of one worker.
create view v_estimates as
select j.name as job,
       j.id as job_id,
       j.kind,
       j.estimate_seconds,
       w.worker_seconds,
       w.worker_seconds / nullif(j.estimate_seconds, 0) as actual_to_estimate,
       {time j.finished_at} as finished_at,
       j.tenant
from jobs j
join (
    select a.job_id, sum({seconds a.started_at, a.ended_at}) as worker_seconds
    from attempts a where a.ended_at is not null group by a.job_id) w on w.job_id = j.id
where j.finished_at is not null;

drop view v_schedule_quality;

-- A schedule's quality over time: a row a run, cell and metric of its evaluations.
create view v_schedule_quality as
select j.schedule,
       {time j.scheduled_for} as scheduled_for,
       j.name as job,
       j.id as job_id,
       m.cell,
       p.steps,
       m.name as metric,
       m.score,
       m.low,
       m.high,
       m.signature,
       {time j.finished_at} as finished_at,
       j.tenant
from metrics m
join jobs j on j.id = m.job_id
left join sweep_points p on p.job_id = m.job_id and p.cell = m.cell
where j.schedule is not null and j.kind = 'evaluate' and j.state in ('completed', 'completedWithErrors');

drop view v_deliveries;

-- What webhooks were told, or are to be told.
create view v_deliveries as
select d.id as delivery,
       d.webhook_id as webhook,
       d.job_id,
       j.name as job,
       d.job_state,
       d.state,
       d.attempts,
       d.status,
       d.error,
       {time d.happened_at} as happened_at,
       {time d.delivered_at} as delivered_at,
       j.tenant
from deliveries d
join jobs j on j.id = d.job_id;

drop view v_cost;

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
       {time j.finished_at} as finished_at,
       j.tenant
from sweep_points p
join jobs j on j.id = p.job_id
where j.state in ('completed', 'completedWithErrors') and p.items is not null;
