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
           {whole sum(succeeded)} as succeeded,
           {whole sum(errored)} as errored,
           {whole sum(failures)} as failures
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
       {time t.finished_at} as finished_at
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
       {time a.started_at} as started_at,
       {time a.ended_at} as ended_at,
       {seconds a.started_at, a.ended_at} as seconds,
       a.outcome,
       a.error
from attempts a
join jobs j on j.id = a.job_id;

-- What waits and what runs, by priority. A pipeline that is healthy has no message that waits for minutes.
create view v_queue as
select j.priority,
       sum(case when t.state = 'queued' then 1 else 0 end) as tasks_queued,
       sum(case when t.state = 'running' then 1 else 0 end) as tasks_running,
       {whole sum(case when t.state = 'queued' then t.item_count else 0 end)} as items_queued,
       {time min(case when t.state = 'queued' then t.created_at end)} as oldest_queued,
       {time min(case when t.state = 'running' then t.lease_until end)} as first_lease_until
from tasks t
join jobs j on j.id = t.job_id
where t.state in ('queued', 'running') and j.state in ('queued', 'running', 'cancelling')
group by j.priority;

-- Who works on what now.
create view v_workers as
select t.owner as worker,
       count(*) as tasks,
       {time min(t.lease_until)} as first_lease_until,
       {whole sum(t.progress_done)} as units_done,
       {whole sum(t.progress_total)} as units_total
from tasks t
where t.state = 'running'
group by t.owner;

-- How long jobs were expected to take, and took, in seconds of one worker.
create view v_estimates as
select j.name as job,
       j.id as job_id,
       j.kind,
       j.estimate_seconds,
       w.worker_seconds,
       w.worker_seconds / nullif(j.estimate_seconds, 0) as actual_to_estimate,
       {time j.finished_at} as finished_at
from jobs j
join (
    select a.job_id, sum({seconds a.started_at, a.ended_at}) as worker_seconds
    from attempts a where a.ended_at is not null group by a.job_id) w on w.job_id = j.id
where j.finished_at is not null;
