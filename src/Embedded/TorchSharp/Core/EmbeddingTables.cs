using System.Runtime.InteropServices;
using TorchSharp.Autograd;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>What embeddings do to their table and its gradient besides the look-up.</summary>
internal static class EmbeddingTables
{
    /// <summary>Scales the rows that are looked up so that their norms are at most <paramref name="max"/>, in the table itself.</summary>
    public static void Renormalize(Tensor table, Tensor input, double max, double p)
    {
        using IDisposable mode = no_grad();
        using DisposeScope scope = NewDisposeScope();
        long[] ids = [.. Gathering.Indices(input, table.sizes[0], false).Distinct().Order()];
        if (ids.Length == 0) return;
        Tensor places = tensor(ids), rows = table.detach().index_select(0, places), norms = VectorNorm.Of(rows, p, 1, true);
        Tensor factors = torch.where(norms.gt(max), norms.add(1e-7).reciprocal().mul(max), ones([], norms.type));
        table.detach().index_put_(rows.mul(factors), places);
    }

    /// <summary>The rows as they are; their gradients are divided by how often the row's number occurs.</summary>
    public static Tensor ByFrequency(Tensor rows, Tensor input)
    {
        if (!Tape.Records(rows)) return rows;
        using Tensor whole = Elementwise.As(input, ScalarType.Int64), flat = whole.Dense();
        long[] ids = flat.data<long>().ToArray();
        Dictionary<long, int> counts = ids.GroupBy(i => i).ToDictionary(g => g.Key, g => g.Count());
        double[] shares = [.. ids.Select(i => 1.0 / counts[i])];
        using Tensor share = tensor(shares, rows.type).reshape([.. input.sizes, 1]);
        using (rows) return Tape.Record(rows.detach().clone(), "EmbeddingFrequencyBackward", [rows], [share], (n, g) => [g.mul(n.Saved(0))]);
    }

    public static long? Padding(long? index, long count)
    {
        if (index is not { } row) return null;
        if (row < -count || row >= count) throw new ExternalException("Padding_idx must be within num_embeddings");
        return row < 0 ? row + count : row;
    }
}
