namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The different elements in ascending order; where each element went, and how often each is there, where asked for.</summary>
        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique(bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null)
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable mode = no_grad();
            Tensor rows = dim is { } d ? SlicesFirst(d) : reshape(-1);
            Tensor order = dim is null ? rows.OrderedPlaces(0, rows.sizes[0], false) : Slices.Order(rows);
            return Groups(scope, rows.index_select(0, order), order, dim, return_inverse, return_counts);
        }

        /// <summary>The elements without those that equal the one before; as <see cref="unique"/>.</summary>
        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique_consecutive(bool return_inverse = false, bool return_counts = false, int? dim = null)
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable mode = no_grad();
            Tensor rows = dim is { } d ? SlicesFirst(d) : reshape(-1);
            return Groups(scope, rows, torch.arange(rows.sizes[0]), dim, return_inverse, return_counts);
        }

        /// <summary>(n, elements of one slice) of the n slices along a dimension.</summary>
        Tensor SlicesFirst(int dim)
        {
            int d = Shapes.Dim(dim, Rank);
            return movedim([d], [0]).reshape(sizes[d], Count / Math.Max(1, sizes[d]));
        }

        (Tensor, Tensor?, Tensor?) Groups(DisposeScope scope, Tensor rows, Tensor order, int? dim, bool inverse, bool count)
        {
            long n = rows.sizes[0];
            Tensor first = torch.ones([n], ScalarType.Bool);
            if (n > 1)
            {
                Tensor changed = rows.narrow(0, 1, n - 1).ne(rows.narrow(0, 0, n - 1));
                first = cat([torch.ones([1], ScalarType.Bool), rows.Rank > 1 ? changed.any(1) : changed]);
            }
            Tensor group = first.cumsum(0).sub(1L);
            Tensor output = rows[TensorIndex.Tensor(first)];
            if (dim is { } given)
            {
                int d = Shapes.Dim(given, Rank);
                output = output.reshape([output.sizes[0], .. sizes[..d], .. sizes[(d + 1)..]]).movedim([0], [d]).contiguous();
            }
            Tensor? to = null, counts = null;
            if (inverse)
            {
                to = torch.zeros([n], ScalarType.Int64).scatter_(0, order, group);
                if (dim is null) to = to.reshape(sizes);
            }
            if (count) counts = group.bincount();
            scope.MoveToOuter(output);
            return (output, to is null ? null : scope.MoveToOuter(to), counts is null ? null : scope.MoveToOuter(counts));
        }
    }

    public static (Tensor output, Tensor? inverse_indices, Tensor? counts) unique(Tensor input, bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null) => input.unique(sorted, return_inverse, return_counts, dim);

    public static (Tensor output, Tensor? inverse_indices, Tensor? counts) unique_consecutive(Tensor input, bool return_inverse = false, bool return_counts = false, int? dim = null) => input.unique_consecutive(return_inverse, return_counts, dim);
}
