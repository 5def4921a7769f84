using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>
/// A tensor seen as rows: the chosen dimensions last, in memory one behind the other. Operations along dimensions are
/// written once, for rows; a copy is made only where the chosen dimensions aren't the last ones already.
/// </summary>
internal sealed class Rows : IDisposable
{
    readonly long[] order;
    readonly long[] outer;

    Rows(Tensor dense, long[] order, long[] outer, long length)
    {
        Dense = dense;
        this.order = order;
        this.outer = outer;
        Length = length;
        Count = Shapes.Numel(outer);
    }

    /// <summary>The elements, (Count, Length) in row-major memory.</summary>
    public Tensor Dense { get; }

    public long Count { get; }

    public long Length { get; }

    /// <summary>The rows of <paramref name="x"/> along the marked dimensions.</summary>
    public static Rows Of(Tensor x, bool[] along)
    {
        var order = new long[x.Rank];
        int at = 0;
        for (int d = 0; d < x.Rank; d++)
            if (!along[d]) order[at++] = d;
        int outerRank = at;
        for (int d = 0; d < x.Rank; d++)
            if (along[d]) order[at++] = d;
        var sizes = new long[x.Rank];
        var strides = new long[x.Rank];
        for (int d = 0; d < x.Rank; d++)
        {
            sizes[d] = x.sizes[order[d]];
            strides[d] = x.strides[order[d]];
        }
        using Tensor permuted = x.Window(x.offset, sizes, strides, false);
        return new Rows(permuted.Dense(), order, sizes[..outerRank], Shapes.Numel(sizes.AsSpan(outerRank)));
    }

    public static Rows Of(Tensor x, int dim)
    {
        var along = new bool[x.Rank];
        if (x.Rank > 0) along[dim] = true;
        return Of(x, along);
    }

    /// <summary>A result with one element a row, in the order of the outer dimensions.</summary>
    public Tensor NewColumn(ScalarType type) => Tensor.Create(outer, type);

    /// <summary>A result with rows of <paramref name="length"/> elements.</summary>
    public Tensor NewRows(ScalarType type, long length) => Tensor.Create([.. outer, length], type, false);

    /// <summary>Rows along one dimension put back where the dimension was; takes over its argument.</summary>
    public Tensor Restore(Tensor rows)
    {
        int rank = order.Length;
        long[] sizes = new long[rank], strides = new long[rank];
        for (int d = 0; d < rank; d++)
        {
            sizes[order[d]] = rows.sizes[d];
            strides[order[d]] = rows.strides[d];
        }
        using (rows)
        {
            if (rank == 0) return rows.Result([], []);
            using Tensor back = rows.Window(0, sizes, strides, false);
            return back.is_contiguous() ? rows.Result(sizes, strides) : back.contiguousCopy();
        }
    }

    public void Dispose() => Dense.Dispose();
}
