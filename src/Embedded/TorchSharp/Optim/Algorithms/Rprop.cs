using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Resilient backpropagation (Riedmiller and Braun 1993): steps by the gradients' signs alone.</summary>
public partial class Rprop : OptimizerHelper
{
    public Rprop(IEnumerable<Parameter> parameters, double lr = 1e-2, double etaminus = 0.5, double etaplus = 1.2, double min_step = 1e-6, double max_step = 50, bool maximize = false)
        : this([new ParamGroup { Parameters = [.. parameters] }], lr, etaminus, etaplus, min_step, max_step, maximize)
    {
    }

    public Rprop(IEnumerable<ParamGroup> parameters, double lr = 1e-2, double etaminus = 0.5, double etaplus = 1.2, double min_step = 1e-6, double max_step = 50, bool maximize = false)
    {
        Invalid.Negative(lr, "learning rate");
        Begin(Options.Of(lr, etaminus, etaplus, min_step, max_step, maximize), parameters);
    }

    /// <summary>Takes in a group; what its options leave open is as this optimizer has it.</summary>
    public override void add_param_group(Modules.ParamGroup param_group) => Include<Options>(param_group, p => new State(p));

    /// <summary>One step for every parameter that has a gradient.</summary>
    public override Tensor step(Func<Tensor>? closure = null) => _step<ParamGroup>(group =>
    {
        Options o = group.Options;
        Each<State>(group, 0, o.maximize!.Value, (parameter, g, state) =>
        {
            state.step++;
            Tensor turn = g.mul(state.prev), back = turn.lt(0L);
            Tensor factor = ones_like(turn).masked_fill(turn.gt(0L), o.etaplus!.Value).masked_fill(back, o.etaminus!.Value);
            state.step_size.mul_(factor).clamp_(o.min_step!.Value, o.max_step!.Value);
            Tensor kept = g.masked_fill(back, 0L);
            parameter.sub_(kept.sign().mul(state.step_size));
            state.prev.copy_(kept);
        });
    }, closure);
}
