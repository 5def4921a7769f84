using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Averaged stochastic gradient descent (Polyak and Juditsky 1992).</summary>
public partial class ASGD : OptimizerHelper
{
    public ASGD(IEnumerable<Parameter> parameters, double lr = 0.01, double lambd = 1e-4, double alpha = 0.75, double t0 = 1e6, double weight_decay = 0, bool maximize = false)
        : this([new ParamGroup { Parameters = [.. parameters] }], lr, lambd, alpha, t0, weight_decay, maximize)
    {
    }

    public ASGD(IEnumerable<ParamGroup<Options>> parameters, double lr = 0.01, double lambd = 1e-4, double alpha = 0.75, double t0 = 1e6, double weight_decay = 0, bool maximize = false)
    {
        Invalid.Negative(lr, "learning rate");
        Begin(Options.Of(lr, lambd, alpha, t0, weight_decay, maximize), parameters);
    }

    /// <summary>Takes in a group; what its options leave open is as this optimizer has it.</summary>
    public override void add_param_group(Modules.ParamGroup param_group) => Include<Options>(param_group, p => new State(p));

    /// <summary>One step for every parameter that has a gradient.</summary>
    public override Tensor step(Func<Tensor>? closure = null) => _step<ParamGroup<Options>>(group =>
    {
        Options o = group.Options;
        double lambd = o.lambd!.Value, lr = group.LearningRate;
        Each<State>(group, o.weight_decay!.Value, o.maximize!.Value, (parameter, g, state) =>
        {
            state.step++;
            parameter.mul_(1 - lambd * state.eta).add_(g, -state.eta);
            if (state.mu == 1) state.ax.copy_(parameter);
            else state.ax.add_(parameter.detach().sub(state.ax), state.mu);
            state.eta = lr / Math.Pow(1 + lambd * lr * state.step, o.alpha!.Value);
            state.mu = 1 / Math.Max(1, state.step - o.t0!.Value);
        });
    }, closure);
}
