using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Every choice of r elements of a one-dimensional tensor in their order, (n, r).</summary>
    public static Tensor combinations(Tensor input, int r = 2, bool with_replacement = false)
    {
        if (input.Rank != 1) throw new ExternalException($"Expect a 1D vector, but got shape [{Shapes.Text(input.sizes)}]");
        if (r < 0) throw new ExternalException($"Expect a non-negative number, but got {r}");
        if (r == 0) return empty([0], input.type);
        var places = new List<long>();
        var choice = new long[r];
        Choose(0, 0);
        using Tensor index = tensor(places.ToArray(), [places.Count], ScalarType.Int64), picked = input.index_select(0, index);
        return picked.reshape(places.Count / r, r);

        void Choose(int at, long from)
        {
            if (at == r)
            {
                places.AddRange(choice);
                return;
            }
            for (long i = from; i < input.Count; i++)
            {
                choice[at] = i;
                Choose(at + 1, with_replacement ? i : i + 1);
            }
        }
    }

    public static Tensor cartesian_prod(IList<Tensor> tensors) => CartesianProduct(tensors);

    public static Tensor cartesian_prod(ReadOnlySpan<Tensor> tensors) => CartesianProduct(tensors.ToArray());

    public static Tensor cartesian_prod(params Tensor[] tensors) => CartesianProduct(tensors);

    /// <summary>Every choice of one element of each one-dimensional tensor, the last changing fastest, (n, tensors).</summary>
    static Tensor CartesianProduct(IList<Tensor> tensors)
    {
        foreach (Tensor t in tensors)
            if (t.Rank != 1) throw new ExternalException($"Expect a 1D vector, but got shape [{Shapes.Text(t.sizes)}]");
        if (tensors.Count == 1) return tensors[0].alias();
        using DisposeScope scope = NewDisposeScope();
        return scope.MoveToOuter(stack(meshgrid(tensors).Select(g => g.reshape(-1)), 1));
    }
}
