using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>RMSprop (Tieleman and Hinton 2012), centred and with momentum where asked.</summary>
public partial class RMSProp : OptimizerHelper, optim.IMomentum
{
    public RMSProp(IEnumerable<Parameter> parameters, double lr = 1e-3, double alpha = 0.99, double eps = 1e-8, double weight_decay = 0, double momentum = 0, bool centered = false, bool maximize = false)
        : this([new ParamGroup { Parameters = [.. parameters] }], lr, alpha, eps, weight_decay, momentum, centered, maximize)
    {
    }

    public RMSProp(IEnumerable<ParamGroup> parameters, double lr = 1e-3, double alpha = 0.99, double eps = 1e-8, double weight_decay = 0, double momentum = 0, bool centered = false, bool maximize = false)
    {
        Invalid.Negative(lr, "learning rate");
        Invalid.Negative(eps, "ε");
        Invalid.Negative(alpha, "alpha");
        Invalid.Negative(momentum, "momentum value");
        Invalid.Negative(weight_decay, "weight_decay value");
        Begin(Options.Of(lr, alpha, eps, weight_decay, momentum, centered, maximize), parameters);
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
        double alpha = o.alpha!.Value, momentum = o.momentum!.Value;
        Each<State>(group, o.weight_decay!.Value, o.maximize!.Value, (parameter, g, state) =>
        {
            state.step++;
            state.square_avg.mul_(alpha).add_(g.square(), 1 - alpha);
            Tensor root = state.square_avg;
            if (o.centered!.Value) root = root.sub(state.grad_avg!.mul_(alpha).add_(g, 1 - alpha).square());
            Tensor direction = g.div(root.sqrt().add_(o.eps!.Value));
            if (momentum > 0) direction = state.momentum_buffer!.mul_(momentum).add_(direction);
            parameter.add_(direction, -group.LearningRate);
        });
    }, closure);
}
