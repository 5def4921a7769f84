using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>Puts operations on the tape.</summary>
internal static class Tape
{
    /// <summary>True when an operation on these tensors is to be recorded.</summary>
    public static bool Records(Tensor a) => GradMode.Enabled && a.requiresGrad;

    /// <inheritdoc cref="Records(Tensor)"/>
    public static bool Records(Tensor a, Tensor? b) => GradMode.Enabled && (a.requiresGrad || b is { requiresGrad: true });

    /// <inheritdoc cref="Records(Tensor)"/>
    public static bool Records(Tensor a, Tensor? b, Tensor? c) => GradMode.Enabled && (a.requiresGrad || b is { requiresGrad: true } || c is { requiresGrad: true });

    /// <summary>
    /// Records <paramref name="result"/> = op(inputs) with its rule, and returns it. After an operation in place the tensor's
    /// place in the graph is the new node, behind which its old one is; after one on a view, that goes for the view's base.
    /// </summary>
    public static Tensor Record(Tensor result, string name, ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor?> save, BackwardRule rule)
    {
        if (result.viewBase is { } root) RecordOnView(result, root, name, inputs, save, rule);
        else result.SetPlace(new Node(name, rule, inputs, save, result));
        return result;
    }

    /// <summary>Checks that a tensor may be changed in place here, and notes the change.</summary>
    /// <param name="target">The tensor.</param>
    /// <param name="overlapMatters">False where all elements get the same value, so that elements may share memory.</param>
    public static void BeforeInPlace(Tensor target, bool overlapMatters = true)
    {
        target.Check();
        if (GradMode.Enabled && target.requiresGrad && target.IsOnLeaf)
            throw new ExternalException($"{(target.viewBase is null ? "a" : "a view of a")} leaf Variable that requires grad is being used in an in-place operation.");
        if (overlapMatters)
        {
            for (int d = 0; d < target.sizes.Length; d++)
                if (target.strides[d] == 0 && target.sizes[d] > 1)
                    throw new ExternalException("unsupported operation: more than one element of the written-to tensor refers to a single memory location. Please clone() the tensor before performing the operation.");
        }
        if (target.buffer!.IsInference && !GradMode.Inference)
            throw new ExternalException("Inplace update to inference tensor outside InferenceMode is not allowed.You can make a clone to get a normal tensor before doing inplace update.See https://github.com/pytorch/rfcs/pull/17 for more details.");
        target.buffer.Touch();
    }

    /// <summary>Checks an operation in place whose result is recorded.</summary>
    public static void BeforeRecordedInPlace(Tensor target)
    {
        if (target.viewBase is null) return;
        if (target.viewOrigin == ViewOrigin.NoGrad)
            throw new ExternalException("A view was created in no_grad mode and is being modified inplace with grad mode enabled. Given that this use case is ambiguous and error-prone, it is forbidden. You can clarify your code by moving both the view and the inplace either both inside the no_grad block (if you don't want the inplace to be tracked) or both outside (if you want the inplace to be tracked).");
        if (target.viewOrigin == ViewOrigin.Several)
            throw new ExternalException($"Output 0 of {target.gradNode?.Name ?? "SplitBackward"}0 is a view and is being modified inplace. This view is the output of a function that returns multiple views. Such functions do not allow the output views to be modified inplace. You should replace the inplace operation by an out-of-place one.");
    }

    /// <summary>A gradient summed over what was broadcast, so that it has <paramref name="shape"/>.</summary>
    public static Tensor SumTo(Tensor grad, long[] shape)
    {
        if (grad.sizes.AsSpan().SequenceEqual(shape)) return grad;
        int lead = grad.Rank - shape.Length;
        var dims = new List<long>();
        for (int d = 0; d < grad.Rank; d++)
            if (d < lead || (shape[d - lead] == 1 && grad.sizes[d] != 1)) dims.Add(d);
        Tensor sum = dims.Count > 0 ? grad.sum(dims.ToArray().AsSpan(), true) : grad;
        return sum.view(shape);
    }

    /// <summary>Gradients that recorded operations made from <paramref name="g"/>: those that want no gradient themselves depend on nothing.</summary>
    public static Tensor?[] Composed(Tensor g, params Tensor?[] grads)
    {
        for (int i = 0; i < grads.Length; i++)
        {
            if (grads[i] is not { requiresGrad: false } constant) continue;
            if (ReferenceEquals(constant, g)) grads[i] = constant = g.detach();
            constant.isConstant = true;
        }
        return grads;
    }

    /// <summary>The gradient of what an output doesn't depend on: a constant also for gradients of gradients.</summary>
    public static Tensor Zeros(Tensor like)
    {
        Tensor result = torch.zeros_like(like);
        result.isConstant = true;
        return result;
    }

    /// <summary>
    /// The gradient of a tensor of the root's sizes, given that of a view of it: each element goes to its place and those
    /// that share one add up.
    /// </summary>
    public static Tensor Unstrided(Tensor grad, long[] size, long[] stride, long offset, long[] rootSize, long[] rootStride, long rootOffset)
    {
        Tensor whole = Blank(rootSize, rootStride, grad.type);
        if (whole.is_contiguous()) Numbers.Write(whole, 0L);
        using (Tensor part = Part(whole, size, stride, offset - rootOffset)) StridedSums.Add(grad, part);
        return Recorded(whole, grad, "AsStridedBackward", g => Strided(g, size, stride, offset, rootSize, rootStride, rootOffset));
    }

    /// <summary>The part of a gradient of the root that belongs to a view of it.</summary>
    static Tensor Strided(Tensor grad, long[] size, long[] stride, long offset, long[] rootSize, long[] rootStride, long rootOffset)
    {
        using Tensor whole = Blank(rootSize, rootStride, grad.type);
        Copy.Elements(grad, whole);
        using Tensor part = Part(whole, size, stride, offset - rootOffset);
        return Recorded(part.contiguousCopy(), grad, "AsStridedBackward", g => Unstrided(g, size, stride, offset, rootSize, rootStride, rootOffset));
    }

    static Tensor Recorded(Tensor result, Tensor from, string name, Func<Tensor, Tensor> rule) =>
        Records(from) ? Record(result, name, [from], [], (_, g) => [rule(g)]) : result;

    /// <summary>A gradient of the root with 0 in place of the part that belongs to a view of it.</summary>
    static Tensor Without(Tensor grad, long[] size, long[] stride, long offset, long[] rootSize, long[] rootStride, long rootOffset)
    {
        Tensor whole = Blank(rootSize, rootStride, grad.type);
        Copy.Elements(grad, whole);
        using (Tensor part = Part(whole, size, stride, offset - rootOffset))
        using (Tensor zero = Numbers.Of(0L, grad.type)) Copy.Elements(zero, part);
        return Recorded(whole, grad, "CopySlices", g => Without(g, size, stride, offset, rootSize, rootStride, rootOffset));
    }

    /// <summary>The window of a view on memory that stands for its root's.</summary>
    static Tensor Part(Tensor whole, long[] size, long[] stride, long offset)
    {
        if (Shapes.Numel(size) > 0 && (offset < 0 || offset + Shapes.Span(size, stride) > Shapes.Span(whole.sizes, whole.strides)))
            throw new ExternalException("A view that reaches beyond the tensor that it was made of has no gradient.");
        return whole.Window(offset, size, stride, false);
    }

    /// <summary>Memory with a root's strides, 0 where no element of the root is.</summary>
    static Tensor Blank(long[] size, long[] stride, ScalarType type)
    {
        if (Shapes.IsContiguous(size, stride)) return Tensor.Create(size, type);
        using Tensor memory = Tensor.Create([Shapes.Span(size, stride)], type, false);
        Numbers.Write(memory, 0L);
        return memory.Window(0, size, stride);
    }

    /// <summary>
    /// Records a write to a view: the base's new node takes the base's gradient apart, runs the operation's own rule on the
    /// view's part and puts that input's gradient in the part's place.
    /// </summary>
    static void RecordOnView(Tensor view, Tensor root, string name, ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor?> save, BackwardRule rule)
    {
        int self = -1;
        for (int i = 0; i < inputs.Length && self < 0; i++)
            if (ReferenceEquals(inputs[i], view)) self = i;
        Tensor?[] all = self >= 0 ? inputs.ToArray() : [.. inputs, view];
        int at = self >= 0 ? self : all.Length - 1;
        all[at] = root;
        (long[] size, long[] step, long start) = (view.sizes, view.strides, view.offset);
        (long[] rootSize, long[] rootStep, long rootAt) = (root.sizes, root.strides, root.offset);
        root.SetPlace(new Node(name, (n, g) =>
        {
            Tensor part = Strided(g, size, step, start, rootSize, rootStep, rootAt);
            Tensor?[] grads = rule(n, part);
            if (!n.Needs(at)) return grads;
            if (self < 0) Array.Resize(ref grads, at + 1);
            // What lies outside the view keeps its gradient; inside, it is that of the view's old elements.
            Tensor outside = Without(g, size, step, start, rootSize, rootStep, rootAt);
            grads[at] = self >= 0 && grads[at] is { } inner ? outside.add(Unstrided(inner, size, step, start, rootSize, rootStep, rootAt)) : outside;
            return grads;
        }, all, save, root));
    }
}
