using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>The sum of a token's row, its position's row and, where the family has types, the first type's row.</summary>
/// <param name="model">The model.</param>
/// <param name="words">The tokens' table. // (V, e)</param>
/// <param name="positions">The positions' table. // (P, e)</param>
/// <param name="types">The types' table, or null. // (types, e)</param>
sealed class LearnedEmbedding(LanguageModel model, string words, string positions, string? types)
{
    readonly Parameter _wordTable = model.Named[words], _positionTable = model.Named[positions];
    readonly Parameter? _typeTable = types is null ? null : model.Named[types];

    /// <summary>The embeddings. // (B, N, e)</summary>
    /// <param name="input_ids">// (B, N) int64</param>
    /// <param name="rows">Rows of the positions' table, or null for the family's first N. // (B, N) int64</param>
    public Tensor Of(Tensor input_ids, Tensor? rows)
    {
        using var scope = NewDisposeScope();
        long batch = input_ids.size(0), slots = input_ids.size(1);
        var place = rows is null
            ? First(_positionTable, model.Config.PositionOffset, slots) // (N, e)
            : _positionTable.index_select(0, rows.reshape(-1)).view(batch, slots, -1); // (B, N, e)
        if (_typeTable is not null) place = place + _typeTable.select(0, 0);
        return (ScatteredRows.Of(_wordTable, input_ids.reshape(-1)).view(batch, slots, -1) + place).MoveToOuterDisposeScope();
    }

    /// <summary>The rows of the first positions; padding beyond the table's end has its last row. // (N, e)</summary>
    public static Tensor First(Tensor table, long offset, long slots)
    {
        long rows = Math.Min(slots, table.size(0) - offset);
        if (rows == slots) return table.narrow(0, offset, slots);
        using var scope = NewDisposeScope();
        return cat([table.narrow(0, offset, rows), table.narrow(0, table.size(0) - 1, 1).expand(slots - rows, -1)], 0)
            .MoveToOuterDisposeScope();
    }
}
