using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>For each element the number of the interval between ascending <paramref name="boundaries"/> that it lies in.</summary>
        public Tensor bucketize(Tensor boundaries, bool outInt32 = false, bool right = false)
        {
            if (boundaries.Rank != 1) throw new ExternalException($"boundaries tensor must be 1 dimension, but got dim({boundaries.Rank})");
            return torch.searchsorted(boundaries, this, outInt32, right);
        }

        /// <summary>True where an element is among <paramref name="test_elements"/>; with <paramref name="invert"/>, where it is not.</summary>
        public Tensor isin(Tensor test_elements, bool assumeUnique = false, bool invert = false)
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable mode = no_grad();
            ScalarType to = Dtypes.Promote(type, test_elements.type);
            Tensor found;
            if (test_elements.Count == 0) found = torch.zeros(sizes, ScalarType.Bool);
            else
            {
                Tensor x = to_type(to), sorted = test_elements.to_type(to).reshape(-1).sort().Values;
                Tensor at = torch.searchsorted(sorted, x).clamp_max(sorted.Count - 1);
                found = sorted.index_select(0, at.reshape(-1)).reshape(sizes).eq(x);
            }
            return scope.MoveToOuter(invert ? found.logical_not() : found);
        }
    }

    public static Tensor bucketize(Tensor input, Tensor boundaries, bool outInt32 = false, bool right = false) => input.bucketize(boundaries, outInt32, right);

    public static Tensor isin(Tensor tensor, Tensor test_elements, bool assumeUnique = false, bool invert = false) => tensor.isin(test_elements, assumeUnique, invert);

    /// <summary>
    /// For each value the place in the ascending last dimension before which it would keep the order: before its equals,
    /// or with <paramref name="right"/> behind them.
    /// </summary>
    /// <param name="sorted_sequence">(.., n), or (n) for values of any shape.</param>
    /// <param name="values">(.., m).</param>
    /// <param name="out_int32">int32 in place of int64.</param>
    /// <param name="right">Behind equals.</param>
    /// <param name="sorter">The order of the sequence where it isn't sorted itself.</param>
    public static Tensor searchsorted(Tensor sorted_sequence, Tensor values, bool out_int32 = false, bool right = false, Tensor? sorter = null)
    {
        if (sorted_sequence.type != values.type && values.Rank > 0)
            throw new ExternalException($"torch.searchsorted(): boundary tensor and input value tensor should have same dtype, but got boundary tensor dtype {Names.InWords(sorted_sequence.type)} and input value tensor dtype {Names.InWords(values.type)}");
        bool one = sorted_sequence.Rank == 1;
        if (!one && (sorted_sequence.Rank != values.Rank || !sorted_sequence.sizes.AsSpan(0, values.Rank - 1).SequenceEqual(values.sizes.AsSpan(0, values.Rank - 1))))
            throw new ExternalException($"torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries tensor and input value tensor must match, but we got boundaries tensor [{Shapes.Text(sorted_sequence.sizes)}] and input value tensor [{Shapes.Text(values.sizes)}]");
        using Tensor? ordered = sorter is null ? null : sorted_sequence.detach().gather(-1, sorter);
        ScalarType type = Dtypes.Compute(Dtypes.Promote(sorted_sequence.type, values.type));
        using Tensor a = Elementwise.As(ordered ?? sorted_sequence, type), from = a.Dense(), b = Elementwise.As(values, type), x = b.Dense();
        Tensor result = Tensor.Create(values.sizes, ScalarType.Int64);
        Searching.Run(from, x, one ? values.Count : values.sizes[^1], right, result);
        return out_int32 ? result.to_type(ScalarType.Int32, disposeAfter: true) : result;
    }

    public static Tensor searchsorted(Tensor sorted_sequence, Scalar values, bool out_int32, bool right, Tensor sorter)
    {
        using Tensor number = Numbers.Of(values, sorted_sequence.type);
        return searchsorted(sorted_sequence, number, out_int32, right, sorter);
    }
}
