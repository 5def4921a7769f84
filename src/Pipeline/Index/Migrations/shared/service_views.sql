-- Schedules as they stand.
create view v_schedules as
select s.name as schedule,
       s.cron,
       s.time_zone,
       s.overlap,
       s.missed,
       s.paused,
       {time s.next_at} as next_at,
       s.runs,
       (select count(*) from jobs j where j.schedule = s.name and j.parent_id is null and j.finished_at is null) as runs_unfinished,
       (select count(*) from schedule_ticks t where t.schedule = s.name and t.outcome = 'waiting') as runs_waiting
from schedules s;

-- What became of each of their times.
create view v_schedule_runs as
select t.schedule,
       {time t.scheduled_for} as scheduled_for,
       t.outcome,
       t.reason,
       t.job_id,
       j.name as job,
       j.state,
       {time j.started_at} as started_at,
       {time j.finished_at} as finished_at,
       {seconds j.started_at, j.finished_at} as seconds
from schedule_ticks t
left join jobs j on j.id = t.job_id;

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
       {time j.finished_at} as finished_at
from metrics m
join jobs j on j.id = m.job_id
left join sweep_points p on p.job_id = m.job_id and p.cell = m.cell
where j.schedule is not null and j.kind = 'evaluate' and j.state in ('completed', 'completedWithErrors');

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
       {time d.delivered_at} as delivered_at
from deliveries d
join jobs j on j.id = d.job_id;
