using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Whether a backward pass computes this tensor's gradient. Only leaves can be changed.</summary>
        public bool requires_grad
        {
            get => requiresGrad;
            set
            {
                if (value == requiresGrad) return;
                if (gradNode is not null) throw new ExternalException("you can only change requires_grad flags of leaf variables.");
                if (value && !Dtypes.IsFloating(type)) throw new ExternalException("Only Tensors of floating point and complex dtype can require gradients");
                requiresGrad = value;
            }
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public bool is_leaf => gradNode is null;

        /// <summary>The gradient that backward passes have added up; null where there is none. Each read gives a tensor on the same memory.</summary>
        public Tensor? grad
        {
            get => gradient?.Window(gradient.offset, gradient.sizes, gradient.strides);
            set
            {
                if (value is not null && !value.sizes.AsSpan().SequenceEqual(sizes))
                    throw new ExternalException("assigned grad has data of a different size");
                Tensor? hidden = value?.Hidden();
                gradient?.Dispose();
                gradient = hidden;
            }
        }

        /// <summary>Keeps this tensor's gradient although it is not a leaf.</summary>
        public void retain_grad()
        {
            if (!requiresGrad) throw new ExternalException("can't retain_grad on Tensor that has requires_grad=False");
            if (gradNode is not null) gradNode.Retaining = new WeakReference<Tensor>(this);
        }

        /// <summary>Adds to the leaves' gradients those of this tensor of one element.</summary>
        public void backward() => Engine.Backward([this], null, false);

        /// <summary>Adds to the leaves' gradients those of this tensor, weighted by <paramref name="grad_tensors"/>.</summary>
        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);
        }

        /// <summary>The same elements outside the graph.</summary>
        public Tensor detach() => Window(offset, sizes, strides);

        /// <summary>Takes this tensor out of the graph.</summary>
        public Tensor detach_()
        {
            Check();
            gradNode?.Release();
            gradNode = null;
            requiresGrad = false;
            return this;
        }
    }

    /// <summary>Backward passes.</summary>
    public static class autograd
    {
        public static void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            if (create_graph) throw new InvalidOperationException("Gradients of gradients (create_graph) are not computed by this implementation.");
            if (inputs is null)
            {
                Engine.Backward(tensors, grad_tensors, retain_graph ?? false);
                return;
            }
            var collected = new Dictionary<Tensor, Tensor>(ReferenceEqualityComparer.Instance);
            Engine.Backward(tensors, grad_tensors, retain_graph ?? false, collected);
            foreach ((Tensor leaf, Tensor gradient) in collected)
            {
                if (inputs.Any(t => ReferenceEquals(t, leaf)))
                {
                    using IDisposable mode = no_grad();
                    if (leaf.gradient is null) leaf.gradient = gradient.contiguousCopy().DetachFromDisposeScope();
                    else leaf.gradient.add_(gradient);
                }
                gradient.Dispose();
            }
        }

        public static void backward(Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        /// <summary>The gradients of <paramref name="outputs"/> with respect to leaves, without adding them to the leaves.</summary>
        public static IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            if (create_graph) throw new InvalidOperationException("Gradients of gradients (create_graph) are not computed by this implementation.");
            var collected = new Dictionary<Tensor, Tensor>(ReferenceEqualityComparer.Instance);
            foreach (Tensor t in inputs)
                if (t.gradNode is not null) t.retain_grad();
            Engine.Backward(outputs, grad_outputs, retain_graph, collected);
            var result = new List<Tensor>();
            foreach (Tensor input in inputs)
            {
                if (collected.TryGetValue(input, out Tensor? gradient)) result.Add(gradient.Window(gradient.offset, gradient.sizes, gradient.strides));
                else if (allow_unused) result.Add(null!);
                else throw new ExternalException("One of the differentiated Tensors appears to not have been used in the graph. Set allow_unused=True if this is the desired behavior.");
            }
            foreach (Tensor gradient in collected.Values) gradient.Dispose();
            return result;
        }
    }
}
