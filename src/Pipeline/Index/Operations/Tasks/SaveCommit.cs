using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Enters what a task made: files, items, figures.</summary>
internal static class SaveCommit
{
    static readonly BatchInsert s_artifacts = new(
        "artifacts",
        ["job_id", "path", "kind", "cell", "part", "bytes", "lines", "errored", "nfe", "tokens", "seconds", "flops"],
        """
        on conflict (job_id, path) do update
        set kind = excluded.kind, cell = excluded.cell, part = excluded.part, bytes = excluded.bytes, lines = excluded.lines,
            errored = excluded.errored, nfe = excluded.nfe, tokens = excluded.tokens, seconds = excluded.seconds, flops = excluded.flops
        """);

    static readonly BatchInsert s_items = new(
        "items",
        ["job_id", "cell", "item", "id", "part", "length", "nfe", "score", "seconds", "error_code"],
        """
        on conflict (job_id, cell, item) do update
        set id = excluded.id, part = excluded.part, length = excluded.length, nfe = excluded.nfe, score = excluded.score,
            seconds = excluded.seconds, error_code = excluded.error_code
        """);

    public static async Task RunAsync(IndexSession session, TaskRow task, TaskCommit commit)
    {
        await session.InsertAsync(s_artifacts,
        [
            .. commit.Artifacts.Select(a => new object?[]
            {
                task.JobId, a.Path, EnumText.Of(a.Kind), a.Cell, a.Part, a.Bytes, a.Lines, a.Errored, a.Nfe, a.Tokens, Finite(a.Seconds) ?? 0, Finite(a.Flops),
            }),
        ]);
        await session.InsertAsync(s_items,
        [
            .. commit.Items.Select(i => new object?[] { task.JobId, i.Cell, i.Item, i.Id, i.Part, i.Length, i.Nfe, Finite(i.Score), Finite(i.Seconds), i.ErrorCode }),
        ]);
        if (commit.Metrics.Count > 0) await SaveFigures.MetricsAsync(session, task.JobId, commit.Metrics);
        if (commit.SweepPoints.Count > 0) await SaveFigures.SweepPointsAsync(session, task.JobId, commit.SweepPoints);
    }

    static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
