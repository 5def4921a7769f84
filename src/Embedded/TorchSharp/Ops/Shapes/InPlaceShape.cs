using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Swaps two dimensions of this very tensor; its memory stays.</summary>
        public Tensor transpose_(long dim0, long dim1)
        {
            int a = Shapes.Dim(dim0, Rank), b = Shapes.Dim(dim1, Rank);
            using Tensor other = Window(offset, sizes, strides, false).Transposed(a, b);
            return Reshape(other, "TransposeBackward", (_, g) => [g.transpose(a, b)]);
        }

        /// <summary>Drops a dimension of size 1, or all such, of this very tensor.</summary>
        public Tensor squeeze_(long? dim = null)
        {
            using Tensor other = Hidden().Squeezed(dim);
            long[] from = sizes;
            return Reshape(other, "SqueezeBackward", (_, g) => [g.reshape(from)]);
        }

        /// <summary>Gives this very tensor a new dimension of size 1.</summary>
        public Tensor unsqueeze_(long dim)
        {
            int at = Shapes.Dim(dim, Rank + 1);
            using Tensor other = Hidden().Unsqueezed(at);
            return Reshape(other, "UnsqueezeBackward", (_, g) => [g.squeeze(at)]);
        }

        Tensor Transposed(int a, int b)
        {
            using (this)
            using (no_grad()) return transpose(a, b).DetachFromDisposeScope();
        }

        Tensor Squeezed(long? dim)
        {
            using (this)
            using (no_grad()) return squeeze(dim).DetachFromDisposeScope();
        }

        Tensor Unsqueezed(int at)
        {
            using (this)
            using (no_grad()) return unsqueeze(at).DetachFromDisposeScope();
        }

        /// <summary>Takes over another window's sizes and strides.</summary>
        Tensor Reshape(Tensor other, string name, BackwardRule rule)
        {
            Tape.BeforeInPlace(this, false);
            Node? node = Tape.Records(this) ? new Node(name, rule, [this], [], this) : null;
            (sizes, strides) = (other.sizes, other.strides);
            if (node is not null) SetPlace(node);
            return this;
        }
    }

    public static Tensor squeeze_(Tensor input, long? dim = null) => input.squeeze_(dim);

    public static Tensor unsqueeze_(Tensor input, long dim) => input.unsqueeze_(dim);
}
