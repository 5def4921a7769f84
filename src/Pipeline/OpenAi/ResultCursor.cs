using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Submitting;

namespace DiffusionBatch.Pipeline.OpenAi;

/// <summary>A job's results one after another, as their requests are come to; a job that was stopped has holes.</summary>
internal sealed class ResultCursor(JobRow? job, PlannedGroup group, JobResults results, CancellationToken cancellationToken)
    : IAsyncDisposable
{
    readonly IAsyncEnumerator<string>? _lines = job is null
        ? null
        : results.LinesAsync(job, group.Cell, cancellationToken).GetAsyncEnumerator(cancellationToken);
    JsonElement? _next;
    bool _begun;

    /// <summary>The cell's steps.</summary>
    public int Steps => group.Steps;

    /// <summary>The result of a request, or null where the job has none.</summary>
    /// <param name="id">The request's custom_id; they are asked for in the order of the input.</param>
    public async Task<JsonElement?> TakeAsync(string id)
    {
        if (!_begun) await MoveAsync();
        if (_next is not { } result || result.GetProperty("id").GetString() != id) return null;
        await MoveAsync();
        return result;
    }

    /// <summary>Why a request has no result.</summary>
    public (string Code, string Message) WhyNone() => job?.State switch
    {
        JobState.Expired => ("batch_expired", "This request could not be executed before the completion window expired."),
        JobState.Cancelled => ("batch_cancelled", "This request was not executed: the batch was cancelled."),
        JobState.Failed => ("job_failed", job.Error ?? "The job that answers this request failed."),
        _ => ("no_result", "The job that answers this request has no result for it."),
    };

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _lines?.DisposeAsync() ?? ValueTask.CompletedTask;

    async Task MoveAsync()
    {
        _begun = true;
        _next = _lines is not null && await _lines.MoveNextAsync() ? JsonDocument.Parse(_lines.Current).RootElement : null;
    }
}
