using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Changes parameters by their gradients.</summary>
        public abstract class Optimizer : IDisposable
        {
            /// <summary>The groups, each with its own options.</summary>
            protected IList<ParamGroup> _parameter_groups = [];

            internal Optimizer()
            {
            }

            /// <summary>The groups' learning rates, to be set between steps.</summary>
            public virtual IEnumerable<ILearningRateController> ParamGroups => _parameter_groups;

            /// <summary>One step for every parameter that has a gradient; gives what the closure gave.</summary>
            public abstract Tensor step(Func<Tensor>? closure = null);

            public abstract void zero_grad();

            public abstract IEnumerable<Parameter> parameters();

            public abstract void add_param_group(ParamGroup param_group);

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (disposing) Release();
            }

            /// <summary>Disposes what is kept of the parameters.</summary>
            private protected virtual void Release()
            {
            }

            /// <summary>An optimizer's state: options a group, states in the order of the parameters, and the states' numbers a group.</summary>
            public class StateDictionary
            {
                internal StateDictionary()
                {
                }

                public List<OptimizerOptions> Options { get; } = [];

                public List<OptimizerState> State { get; } = [];

                public List<List<int>> StateIndexRef { get; } = [];
            }
        }
    }
}
