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
    /// place in the graph is the new node, behind which its old one is.
    /// </summary>
    public static Tensor Record(Tensor result, string name, Tensor?[] inputs, Tensor?[] save, BackwardRule rule)
    {
        var node = new Node(name, rule, inputs, save);
        result.gradNode?.Release();
        result.gradNode = node;
        result.requiresGrad = true;
        return result;
    }

    /// <summary>Checks that a tensor may be changed in place here, and notes the change.</summary>
    public static void BeforeInPlace(Tensor target)
    {
        target.Check();
        if (GradMode.Enabled && target.requiresGrad && target.gradNode is null)
            throw new ExternalException("a leaf Variable that requires grad is being used in an in-place operation.");
        target.buffer!.Touch();
    }

    /// <summary>Checks an operation in place whose result is recorded.</summary>
    public static void BeforeRecordedInPlace(Tensor target)
    {
        if (target.isView)
            throw new InvalidOperationException("An operation in place on a view is not recorded: write to the tensor itself, or use an operation that gives a new tensor.");
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
}
