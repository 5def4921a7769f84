using System.Diagnostics;
using DiffusionBatch.Pipeline.Finishing;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Planning;
using DiffusionBatch.Pipeline.Telemetry;
using Microsoft.Extensions.Logging;

namespace DiffusionBatch.Pipeline.Messaging;

/// <summary>
/// Does what a message of the control queue (<see cref="QueueNames.Jobs"/>) asks for: plans a job or ends it, and sends what that leaves in
/// the outbox. Returning means that the message can be deleted; throwing, that it is to come again.
/// </summary>
public sealed partial class ControlHandler(Planner planner, Finalizer finalizer, OutboxRelay relay, ILogger<ControlHandler> log)
{
    /// <summary>Handles a message's body. The same message may come any number of times.</summary>
    public async Task HandleAsync(string body, CancellationToken cancellationToken)
    {
        if (PipelineMessage.Parse(body) is not { Kind: OutboxKind.Plan or OutboxKind.Finalize } message)
        {
            LogStranger(body.Length <= 200 ? body : body[..200]);
            return;
        }
        long began = Stopwatch.GetTimestamp();
        string operation = message.Kind == OutboxKind.Plan ? "plan" : "finalize", outcome = "failed";
        PipelineMetrics.Consumed(QueueNames.Jobs, null);
        using Activity? span = Spans.Process($"{operation} job", QueueNames.Jobs, message.Trace)?.Of(message.Job);
        try
        {
            if (message.Kind == OutboxKind.Plan) await planner.PlanAsync(message.Job, cancellationToken);
            else await finalizer.FinalizeAsync(message.Job, cancellationToken);
            await relay.RunOnceAsync(cancellationToken);
            outcome = "completed";
        }
        catch (Exception e)
        {
            span.Failed(e);
            throw;
        }
        finally
        {
            PipelineMetrics.Processed(QueueNames.Jobs, operation, outcome, Stopwatch.GetElapsedTime(began));
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "A message of the control queue is none of the pipeline's and is dropped: {Body}")]
    partial void LogStranger(string body);
}
