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
                if (gradNode is not null) throw new ExternalException(value
                    ? "you can only change requires_grad flags of leaf variables."
                    : "you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a subgraph that doesn't require differentiation use var_no_grad = var.detach().");
                if (value && !Dtypes.IsFloating(type)) throw new ExternalException("only Tensors of floating point dtype can require gradients");
                if (value && buffer!.IsInference && !GradMode.Inference) throw new ExternalException("Setting requires_grad=True on inference tensor outside InferenceMode is not allowed.");
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
            get => gradient is null ? null : gradient.requiresGrad ? gradient.At(gradient.GraphPlace) : gradient.Window(gradient.offset, gradient.sizes, gradient.strides);
            set
            {
                if (value is not null && !value.sizes.AsSpan().SequenceEqual(sizes))
                    throw new ExternalException("assigned grad has data of a different size");
                if (value is not null && value.type != type) throw new ExternalException("assigned grad has data of a different type");
                Tensor? hidden = value?.Twin();
                if (gradient is { isPrivate: true }) gradient.Recycle();
                else gradient?.Dispose();
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
        public void backward() => autograd.backward([this]);

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
            if (viewBase is not null && wantsGradient)
                throw new ExternalException("Can't detach views in-place. Use detach() instead. If you are using DistributedDataParallel (DDP) for training, and gradient_as_bucket_view is set as True, gradients are views of DDP buckets, and hence detach_() cannot be called on these gradients. To fix this error, please refer to the Optimizer.zero_grad() function in torch/optim/optimizer.py as the solution.");
            ClearPlace();
            requiresGrad = false;
            return this;
        }
    }
}
