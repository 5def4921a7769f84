using System.Globalization;
using DiffusionBatch.Contracts;
using DiffusionBatch.Functions.Hosting;
using DiffusionBatch.Functions.Problems;
using DiffusionBatch.Functions.Requests;
using DiffusionBatch.Pipeline.Hosting;
using DiffusionBatch.Pipeline.Index;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DiffusionBatch.Functions.Jobs;

/// <summary>Shows a job's tasks and who worked on them.</summary>
public sealed class TaskFunctions(TenantPipeline mine, JobViews jobs)
{
    const int MostListed = 500, Listed = 50;

    /// <summary>
    /// <c>GET /api/jobs/{id}/tasks?state=&amp;limit=&amp;cursor=</c>: the tasks by number, each with its attempts; <c>state</c> may name
    /// several by commas.
    /// </summary>
    [Function("ListTasks")]
    public async Task<IResult> List(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/jobs/{id}/tasks")] HttpRequest request, string id,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        await jobs.RowAsync(id, cancellationToken);
        int limit = Query.Number(request, "limit", 1, MostListed, Listed);
        IReadOnlyList<TaskRow> found = await mine.Index.Tasks.PageAsync(id, Query.Words<TaskState>(request, "state"), Cursor(request),
            limit + 1, cancellationToken);
        TaskRow[] tasks = [.. found.Take(limit)];
        if (tasks.Length == 0) return Answer.Tagged(new TaskListView([], null));
        ILookup<int, AttemptRow> attempts =
            (await mine.Index.Tasks.AttemptsAsync(id, tasks[0].Ordinal, tasks[^1].Ordinal, cancellationToken)).ToLookup(a => a.Ordinal);
        string? next = found.Count > limit ? tasks[^1].Ordinal.ToString(CultureInfo.InvariantCulture) : null;
        return Answer.Tagged(new TaskListView([.. tasks.Select(t => View(t, attempts[t.Ordinal]))], next));
    }

    static TaskView View(TaskRow task, IEnumerable<AttemptRow> attempts) =>
        new(task.Ordinal, task.State, task.FirstItem, task.ItemCount, [.. attempts.Select(View)])
        {
            Parent = task.Parent,
            Worker = task.Owner,
            Phase = task.State == TaskState.Running ? task.Phase : null,
            Done = task.ProgressDone,
            Total = task.ProgressTotal,
            Unit = task.Unit,
            Succeeded = task.Succeeded,
            Errored = task.Errored,
            Error = task.Error,
            StartedAt = task.StartedAt,
            FinishedAt = task.FinishedAt,
        };

    static AttemptView View(AttemptRow attempt) =>
        new(attempt.Attempt, attempt.Owner, attempt.StartedAt, attempt.EndedAt, attempt.Outcome, attempt.Error);

    static int? Cursor(HttpRequest request) => Query.Text(request, "cursor") is not { } cursor ? null
        : int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out int after) ? after
        : throw Refuse.BadParameter("cursor", "The cursor isn't one that this API gave out; take it from \"next\" of the page before.");
}
