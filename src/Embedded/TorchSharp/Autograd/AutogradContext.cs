using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>What a function of one's own keeps from its forward pass for its backward pass.</summary>
        public class AutogradContext : IDisposable
        {
            readonly Dictionary<string, object> kept = [];
            List<Tensor> chosen = [];

            internal AutogradContext()
            {
            }

            /// <summary>The node whose saved tensors these are.</summary>
            internal Node? Node { get; set; }

            internal Tensor?[] Chosen => [.. chosen];

            internal List<Tensor> NonDifferentiable { get; private set; } = [];

            internal List<Tensor> Dirty { get; private set; } = [];

            /// <summary>Whether gradients of outputs that were not used reach the backward pass as zeros.</summary>
            public bool MaterializeGrads { get; private set; } = true;

            /// <summary>Keeps inputs or outputs, which must not be changed in place until the backward pass.</summary>
            public void save_for_backward(List<Tensor> tensors) => chosen = [.. tensors];

            /// <summary>What <see cref="save_for_backward"/> kept.</summary>
            public List<Tensor> get_saved_variables() => Enumerable.Range(0, chosen.Count).Select(i => Node is null ? chosen[i] : Node.HasSaved(i) ? Node.Saved(i) : null!).ToList();

            /// <summary>Keeps anything but tensors.</summary>
            public void save_data(string key, object value) => kept[key] = value;

            /// <summary>What <see cref="save_data"/> kept; null where there is nothing.</summary>
            public object get_data(string key) => kept.GetValueOrDefault(key)!;

            /// <summary>Inputs that the forward pass changed in place.</summary>
            public void mark_dirty(List<Tensor> tensors) => Dirty = [.. tensors];

            /// <summary>Outputs that have no gradient.</summary>
            public void mark_non_differentiable(List<Tensor> tensors) => NonDifferentiable = [.. tensors];

            public void set_materialize_grads(bool value) => MaterializeGrads = value;

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (disposing) kept.Clear();
            }
        }
    }
}
