namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>The files of a job, by path.</summary>
internal static class ReadArtifacts
{
    const string Sql = """
        select path as Path, kind as Kind, cell as Cell, part as Part, bytes as Bytes, lines as Lines, errored as Errored,
               nfe as Nfe, tokens as Tokens, seconds as Seconds, flops as Flops
        from artifacts where job_id = @job order by path
        """;

    public static async Task<IReadOnlyList<ArtifactRow>> RunAsync(IndexSession session, string job) =>
        await session.ListAsync<ArtifactRow>(Sql, new { job }).ConfigureAwait(false);
}
