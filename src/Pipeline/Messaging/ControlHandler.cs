using DiffusionBatch.Pipeline.Finishing;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Planning;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.Pipeline.Messaging;

/// <summary>
/// Does what a message of the control queue (<see cref="QueueNames.Jobs"/>) asks for: plans a job or ends it, and sends what that leaves in the
/// outbox. Returning means that the message can be deleted; throwing, that it is to come again.
/// </summary>
public sealed partial class ControlHandler(Planner planner, Finalizer finalizer, OutboxRelay relay, ILogger<ControlHandler> log)
{
    /// <summary>Handles a message's body. The same message may come any number of times.</summary>
    public async Task HandleAsync(string body, CancellationToken cancellationToken)
    {
        switch (PipelineMessage.Parse(body))
        {
            case { Kind: OutboxKind.Plan } plan:
                await planner.PlanAsync(plan.Job, cancellationToken);
                break;
            case { Kind: OutboxKind.Finalize } end:
                await finalizer.FinalizeAsync(end.Job, cancellationToken);
                break;
            default:
                LogStranger(body.Length <= 200 ? body : body[..200]);
                return;
        }
        await relay.RunOnceAsync(cancellationToken);
    }

    [LoggerMessage(1, LogLevel.Warning, "A message of the control queue is none of the pipeline's and is dropped: {Body}")]
    partial void LogStranger(string body);
}
