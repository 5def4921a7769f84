using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor hstack(IEnumerable<Tensor> tensors) => Stacked.Side(tensors);

    public static Tensor hstack(IList<Tensor> tensors) => Stacked.Side(tensors);

    public static Tensor hstack(ReadOnlySpan<Tensor> tensors) => Stacked.Side(tensors.ToArray());

    public static Tensor hstack(params Tensor[] tensors) => Stacked.Side(tensors);

    public static Tensor vstack(IList<Tensor> tensors) => Stacked.Down(tensors);

    public static Tensor vstack(ReadOnlySpan<Tensor> tensors) => Stacked.Down(tensors.ToArray());

    public static Tensor vstack(Tensor[] tensors) => Stacked.Down(tensors);

    public static Tensor row_stack(IList<Tensor> tensors) => Stacked.Down(tensors);

    public static Tensor row_stack(ReadOnlySpan<Tensor> tensors) => Stacked.Down(tensors.ToArray());

    public static Tensor row_stack(params Tensor[] tensors) => Stacked.Down(tensors);

    public static Tensor dstack(IEnumerable<Tensor> tensors) => Stacked.Deep(tensors);

    public static Tensor dstack(IList<Tensor> tensors) => Stacked.Deep(tensors);

    public static Tensor dstack(ReadOnlySpan<Tensor> tensors) => Stacked.Deep(tensors.ToArray());

    public static Tensor dstack(params Tensor[] tensors) => Stacked.Deep(tensors);

    public static Tensor column_stack(IList<Tensor> tensors) => Stacked.Columns(tensors);

    public static Tensor column_stack(ReadOnlySpan<Tensor> tensors) => Stacked.Columns(tensors.ToArray());

    public static Tensor column_stack(params Tensor[] tensors) => Stacked.Columns(tensors);

    /// <summary>Concatenations after giving tensors of few dimensions more.</summary>
    static class Stacked
    {
        public static Tensor Side(IEnumerable<Tensor> tensors)
        {
            Tensor[] parts = Raised(tensors, static t => t.atleast_1d());
            return cat(parts, parts[0].Rank == 1 ? 0 : 1);
        }

        public static Tensor Down(IEnumerable<Tensor> tensors) => cat(Raised(tensors, static t => t.atleast_2d()), 0);

        public static Tensor Deep(IEnumerable<Tensor> tensors) => cat(Raised(tensors, static t => t.atleast_3d()), 2);

        public static Tensor Columns(IEnumerable<Tensor> tensors) => cat(Raised(tensors, static t => t.Rank <= 1 ? t.reshape(t.Count, 1) : t), 1);

        static Tensor[] Raised(IEnumerable<Tensor> tensors, Func<Tensor, Tensor> raise)
        {
            Tensor[] parts = [.. tensors.Select(raise)];
            return parts.Length > 0 ? parts : throw new ExternalException("stack expects a non-empty TensorList");
        }
    }
}
