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

            public abstract Tensor step(Func<Tensor>? closure = null);

            /// <summary>Drops all gradients.</summary>
            public virtual void zero_grad()
            {
                foreach (Parameter parameter in parameters()) parameter.grad = null;
            }

            public virtual IEnumerable<Parameter> parameters() => _parameter_groups.SelectMany(g => g.Parameters);

            public virtual void add_param_group(ParamGroup param_group) => _parameter_groups.Add(param_group);

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
            }

            /// <summary>An optimizer's state: options a group, states in the order of the parameters.</summary>
            public sealed class StateDictionary
            {
                internal StateDictionary()
                {
                }

                public List<OptimizerOptions> Options { get; } = [];

                public List<OptimizerState> State { get; } = [];
            }
        }
    }
}
