using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Views;

/// <summary>A plain array with a shape, in row-major order: what a tensor must agree with whatever its strides.</summary>
internal sealed class Model(long[] shape, Func<long[], double> at)
{
    public long[] Shape { get; } = shape;

    public double At(params long[] place) => at(place);

    /// <summary>Random shape, numbers and strides: a window with steps on a larger tensor, its dimensions in random order.</summary>
    public static (Model, Tensor) Random(Random random, int rank, int least = 1)
    {
        long[] sizes = Enumerable.Range(0, rank).Select(_ => (long)random.Next(least, 5)).ToArray();
        long[] steps = sizes.Select(_ => (long)random.Next(1, 4)).ToArray(), starts = sizes.Select(_ => (long)random.Next(0, 3)).ToArray();
        long[] whole = sizes.Select((n, d) => starts[d] + (n * steps[d]) + 1).ToArray();
        long[] order = Enumerable.Range(0, rank).Select(d => (long)d).OrderBy(_ => random.Next()).ToArray();
        Tensor memory = arange(whole.Aggregate(1L, (a, b) => a * b), float64).view(whole);
        Tensor window = memory;
        for (int d = 0; d < rank; d++) window = window.slice(d, starts[d], starts[d] + (sizes[d] * steps[d]), steps[d]);
        Tensor tensor = rank == 0 ? window : window.permute(order);
        double Value(long[] place)
        {
            long at = 0;
            for (int d = 0; d < rank; d++) at = (at * whole[d]) + starts[d] + (place[Array.IndexOf(order, (long)d)] * steps[d]);
            return at;
        }

        return (new Model(tensor.shape, Value), tensor);
    }

    public IEnumerable<long[]> Places()
    {
        var place = new long[Shape.Length];
        if (Shape.Any(n => n == 0)) yield break;
        while (true)
        {
            yield return (long[])place.Clone();
            int d = place.Length - 1;
            for (; d >= 0; d--)
            {
                if (++place[d] < Shape[d]) break;
                place[d] = 0;
            }

            if (d < 0) yield break;
        }
    }

    public double[] Flat() => Places().Select(p => at(p)).ToArray();

    public void Same(Tensor tensor)
    {
        Assert.Equal(Shape, tensor.shape);
        Assert.Equal(Flat(), tensor.to_type(float64).contiguous().data<double>().ToArray());
    }

    public static long[] With(long[] place, int d, long value)
    {
        long[] result = (long[])place.Clone();
        result[d] = value;
        return result;
    }

    public static long[] Insert(long[] place, int d, long value) => [.. place[..d], value, .. place[d..]];

    public static long[] Without(long[] place, int d) => [.. place[..d], .. place[(d + 1)..]];
}
