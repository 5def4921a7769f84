using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>A view of the elements from <paramref name="start"/> up to <paramref name="finish"/> along a dimension.</summary>
        public Tensor slice(long dim, long start, long finish, long step)
        {
            if (Rank == 0) throw new ExternalException("slice() cannot be applied to a 0-dim tensor.");
            if (step <= 0) throw new ExternalException("slice step must be positive");
            int d = Shapes.Dim(dim, Rank);
            long size = sizes[d];
            start = Math.Clamp(start < 0 ? start + size : start, 0, size);
            finish = Math.Clamp(finish < 0 ? finish + size : finish, start, size);
            return Sliced(d, start, finish, step, "SliceBackward", ViewOrigin.Recorded);
        }

        /// <summary>A view of <paramref name="length"/> elements along a dimension.</summary>
        public Tensor narrow(long dim, long start, long length)
        {
            if (Rank == 0) throw new ExternalException("narrow() cannot be applied to a 0-dim tensor.");
            if (length < 0) throw new ExternalException("narrow(): length must be non-negative.");
            int d = Shapes.Dim(dim, Rank);
            if (start < -sizes[d] || start > sizes[d])
                throw new ExternalException($"start out of range (expected to be in range of [{-sizes[d]}, {sizes[d]}], but got {start})");
            if (start < 0) start += sizes[d];
            if (start + length > sizes[d])
                throw new ExternalException($"start ({start}) + length ({length}) exceeds dimension size ({sizes[d]}).");
            return Sliced(d, start, start + length, 1, "SliceBackward", ViewOrigin.Recorded);
        }

        /// <summary>A view of one place along a dimension, which is dropped.</summary>
        public Tensor select(long dim, long index)
        {
            if (Rank == 0) throw new ExternalException("select() cannot be applied to a 0-dim tensor.");
            int d = Shapes.Dim(dim, Rank);
            if (index < -sizes[d] || index >= sizes[d])
                throw new ExternalException($"select(): index {index} out of range for tensor of size [{Shapes.Text(sizes)}] at dimension {d}");
            return Selected(d, index < 0 ? index + sizes[d] : index, "SelectBackward", ViewOrigin.Recorded);
        }

        Tensor Sliced(int d, long start, long finish, long step, string name, ViewOrigin origin)
        {
            long[] newSizes = shape, newStrides = stride(), from = sizes;
            newSizes[d] = (finish - start + step - 1) / step;
            newStrides[d] *= step;
            return View(offset + start * strides[d], newSizes, newStrides, name, (_, g) =>
            {
                Tensor whole = zeros(from, g.type);
                whole.Sliced(d, start, finish, step, name, ViewOrigin.Recorded).copy_(g);
                return [whole];
            }, origin);
        }

        Tensor Selected(int d, long at, string name, ViewOrigin origin)
        {
            long[] from = sizes;
            return View(offset + at * strides[d], [.. sizes[..d], .. sizes[(d + 1)..]], [.. strides[..d], .. strides[(d + 1)..]], name, (_, g) =>
            {
                Tensor whole = zeros(from, g.type);
                whole.Selected(d, at, name, ViewOrigin.Recorded).copy_(g);
                return [whole];
            }, origin);
        }
    }

    public static Tensor select(Tensor input, long dim, long index) => input.select(dim, index);

    public static Tensor narrow(Tensor input, long dim, long start, long length) => input.narrow(dim, start, length);
}
