using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Backward passes.</summary>
    public static partial class autograd
    {
        /// <summary>Adds to the gradients of the leaves, or of <paramref name="inputs"/> alone, those of the tensors weighted by <paramref name="grad_tensors"/>.</summary>
        public static void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            ArgumentNullException.ThrowIfNull(tensors);
            var pass = new BackwardPass(retain_graph ?? create_graph, create_graph);
            if (inputs is not null && inputs.Count > 0) pass.Only(inputs);
            pass.Run(tensors, grad_tensors!);
            for (int i = 0; i < pass.Captured.Length; i++)
                if (pass.Captured[i] is { } gradient) pass.Accumulate(inputs![i], gradient);
        }

        public static void backward(Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        /// <summary>
        /// The gradients of <paramref name="outputs"/> with respect to <paramref name="inputs"/>, without adding them to any
        /// tensor. With <paramref name="create_graph"/> they can be differentiated again.
        /// </summary>
        public static IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            ArgumentNullException.ThrowIfNull(outputs);
            ArgumentNullException.ThrowIfNull(inputs);
            foreach (Tensor input in inputs)
                if (!input.requiresGrad) throw new ExternalException("One of the differentiated Tensors does not require grad");
            var pass = new BackwardPass(retain_graph, create_graph);
            pass.Only(inputs);
            pass.Run(outputs, grad_outputs!);
            var result = new List<Tensor>();
            foreach (Tensor? gradient in pass.Captured)
            {
                if (gradient is null)
                {
                    if (!allow_unused) throw new ExternalException("One of the differentiated Tensors appears to not have been used in the graph. Set allow_unused=True if this is the desired behavior.");
                    result.Add(null!);
                    continue;
                }
                result.Add(gradient.requiresGrad ? gradient.alias() : gradient.Window(gradient.offset, gradient.sizes, gradient.strides));
                gradient.Dispose();
            }
            return result;
        }

        /// <summary>Makes a gradient that is not a number an error that names the operation, until the result is disposed.</summary>
        public static AnomalyMode detect_anomaly(bool check_nan = true) => new(true, check_nan);

        public static AnomalyMode set_detect_anomaly(bool mode, bool check_nan = true) => new(mode, check_nan);
    }
}
