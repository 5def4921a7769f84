using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>A tensor as a batch of float64 matrices for the factorings, and results back in its own type.</summary>
internal sealed class Batch
{
    public Batch(Tensor source, string name)
    {
        if (source.Rank < 2) throw new ExternalException($"{name}: The input tensor A must have at least 2 dimensions.");
        if (source.type is not (ScalarType.Float32 or ScalarType.Float64))
            throw new ExternalException($"{name}: Expected a floating point or complex tensor as input. Got {Names.Of(source.type)}");
        Type = source.type;
        Leading = source.sizes[..^2];
        Count = (int)Shapes.Numel(Leading);
        Rows = (int)source.sizes[^2];
        Columns = (int)source.sizes[^1];
        using Tensor wide = Elementwise.As(source, ScalarType.Float64), dense = wide.Dense();
        unsafe
        {
            Data = new ReadOnlySpan<double>(dense.Ptr<double>(), (int)dense.Count).ToArray();
        }
        GC.KeepAlive(dense);
    }

    public ScalarType Type { get; }

    public long[] Leading { get; }

    public int Count { get; }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>(Count, Rows, Columns).</summary>
    public double[] Data { get; }

    /// <summary>Matrix <paramref name="i"/>, to be changed.</summary>
    public Span<double> this[int i] => Data.AsSpan(i * Rows * Columns, Rows * Columns);

    /// <summary>What messages put before the matrix's number in a batch.</summary>
    public string Place(int i) => Leading.Length == 0 ? "" : $"(Batch element {i}): ";

    /// <summary>Refuses matrices that are not square.</summary>
    public Batch Square(string name)
    {
        if (Rows != Columns) throw new ExternalException($"{name}: A must be batches of square matrices, but they are {Rows} by {Columns} matrices");
        return this;
    }

    /// <summary>Numbers, of the leading dimensions and <paramref name="shape"/>, as a tensor of the source's type.</summary>
    public unsafe Tensor Result(double[] data, params long[] shape)
    {
        Tensor wide = Tensor.Create([.. Leading, .. shape], ScalarType.Float64, Type == ScalarType.Float64);
        data.AsSpan(0, (int)wide.Count).CopyTo(new Span<double>(wide.Ptr<double>(), (int)wide.Count));
        if (Type == ScalarType.Float64) return wide;
        using (wide)
        {
            Tensor narrow = Tensor.Create(wide.sizes, Type);
            Copy.Elements(wide, narrow);
            return narrow;
        }
    }
}
