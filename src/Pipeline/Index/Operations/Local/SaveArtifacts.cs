using System.Data.Common;
using Dapper;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Index.Operations;

/// <summary>Enters a finished file, or corrects it.</summary>
internal static class SaveArtifacts
{
    const string Sql = """
        insert into artifacts (job_id, path, kind, cell, part, bytes, lines, errored, nfe, tokens, seconds, flops)
        values (@id, @Path, @kind, @Cell, @Part, @Bytes, @Lines, @Errored, @Nfe, @Tokens, @Seconds, @Flops)
        on conflict (job_id, path) do update
        set kind = excluded.kind, cell = excluded.cell, part = excluded.part, bytes = excluded.bytes, lines = excluded.lines,
            errored = excluded.errored, nfe = excluded.nfe, tokens = excluded.tokens, seconds = excluded.seconds, flops = excluded.flops
        """;

    public static int Run(DbConnection connection, string id, ArtifactRow file) => connection.Execute(Sql, new
    {
        id,
        file.Path,
        kind = EnumText.Of(file.Kind),
        file.Cell,
        file.Part,
        file.Bytes,
        file.Lines,
        file.Errored,
        file.Nfe,
        file.Tokens,
        file.Seconds,
        file.Flops,
    });
}
