using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Stochastic gradient descent with momentum, dampening, Nesterov's variant and L2 decay.</summary>
public partial class SGD : OptimizerHelper, optim.IMomentum
{
    public SGD(IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
        : this([new ParamGroup { Parameters = [.. parameters] }], lr, momentum, dampening, weight_decay, nesterov, maximize)
    {
    }

    public SGD(IEnumerable<ParamGroup> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
    {
        Invalid.Negative(lr, "learning rate");
        Invalid.Negative(momentum, "momentum value");
        Invalid.Negative(weight_decay, "weight_decay value");
        if (nesterov && (momentum <= 0 || dampening != 0)) throw new ArgumentException($"Nesterov momentum requires a momentum and zero dampening");
        Begin(Options.Of(lr, momentum, dampening, weight_decay, nesterov, maximize), parameters);
    }

    /// <summary>The momentum of all groups.</summary>
    public double Momentum
    {
        get => ((Options)_defaults).momentum!.Value;
        set
        {
            ((Options)_defaults).momentum = value;
            foreach (Modules.ParamGroup group in _parameter_groups) ((ParamGroup)group).Momentum = value;
        }
    }

    /// <summary>Takes in a group; what its options leave open is as this optimizer has it.</summary>
    public override void add_param_group(Modules.ParamGroup param_group) => Include<Options>(param_group, p => new State(p));

    /// <summary>One step for every parameter that has a gradient.</summary>
    public override Tensor step(Func<Tensor>? closure = null) => _step<ParamGroup>(group =>
    {
        Options o = group.Options;
        double momentum = o.momentum!.Value;
        Each<State>(group, o.weight_decay!.Value, o.maximize!.Value, (parameter, d, state) =>
        {
            if (momentum != 0)
            {
                if (state.momentum_buffer is null) state.momentum_buffer = d.clone().DetachFromDisposeScope();
                else state.momentum_buffer.mul_(momentum).add_(d, 1 - o.dampening!.Value);
                d = o.nesterov!.Value ? d.add(state.momentum_buffer, momentum) : state.momentum_buffer;
            }
            parameter.add_(d, -group.LearningRate);
        });
    }, closure);
}
