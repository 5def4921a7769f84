using System.Collections.Concurrent;
using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace DiffusionBatch.LocalHost.Protocol;

/// <summary>
/// The stream between this host and one worker: questions with their answers, invocations with their ends, and the worker's log.
/// </summary>
/// <param name="log">Takes the worker's log.</param>
internal sealed class WorkerStream(Action<RpcLog> log)
{
    readonly Channel<StreamingMessage> _out = Channel.CreateUnbounded<StreamingMessage>(
        new UnboundedChannelOptions { SingleReader = true });
    readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> _asked = [];
    readonly ConcurrentDictionary<string, TaskCompletionSource<StatusResult>> _invoked = [];
    readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completed once nothing goes over it any more.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Invocations that haven't ended.</summary>
    public IEnumerable<string> Invoked => _invoked.Keys;

    /// <summary>Asks the worker something; the answer is matched by the id that it copies.</summary>
    /// <exception cref="WorkerGoneException">The stream ended before the answer.</exception>
    public Task<StreamingMessage> AskAsync(StreamingMessage question)
    {
        question.RequestId = Guid.NewGuid().ToString();
        var answer = new TaskCompletionSource<StreamingMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[question.RequestId] = answer;
        Send(question);
        return answer.Task;
    }

    /// <summary>Starts an invocation; completed with how it ended.</summary>
    /// <exception cref="WorkerGoneException">The stream ended before the invocation.</exception>
    public Task<StatusResult> InvokeAsync(InvocationRequest invocation)
    {
        var end = new TaskCompletionSource<StatusResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _invoked[invocation.InvocationId] = end;
        Send(new StreamingMessage { InvocationRequest = invocation });
        return end.Task;
    }

    /// <summary>Asks for an invocation's end; one that has ended is left alone.</summary>
    public void Cancel(string invocation)
    {
        if (_invoked.ContainsKey(invocation))
            Send(new StreamingMessage { InvocationCancel = new InvocationCancel { InvocationId = invocation } });
    }

    /// <summary>Asks the worker to end.</summary>
    /// <param name="grace">How long it may take.</param>
    public void Terminate(TimeSpan grace) =>
        Send(new StreamingMessage { WorkerTerminate = new WorkerTerminate { GracePeriod = grace.ToDuration() } });

    /// <summary>Carries messages both ways until the worker closes the stream or dies.</summary>
    public async Task RunAsync(
        IAsyncStreamReader<StreamingMessage> reader, IServerStreamWriter<StreamingMessage> writer, CancellationToken cancellationToken)
    {
        Task writing = WriteAsync(writer, cancellationToken);
        try
        {
            while (await reader.MoveNext(cancellationToken)) Take(reader.Current);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The worker is gone; who waits for it hears that below.
        }
        finally
        {
            Close();
            await writing;
        }
    }

    void Take(StreamingMessage message)
    {
        switch (message.ContentCase)
        {
            case StreamingMessage.ContentOneofCase.RpcLog:
                log(message.RpcLog);
                break;
            case StreamingMessage.ContentOneofCase.InvocationResponse:
                if (_invoked.TryRemove(message.InvocationResponse.InvocationId, out var end))
                    end.TrySetResult(message.InvocationResponse.Result ?? new StatusResult());
                break;
            // Nothing is in the answer to a cancel or a terminate.
            case StreamingMessage.ContentOneofCase.None:
                break;
            default:
                if (_asked.TryRemove(message.RequestId, out var answer)) answer.TrySetResult(message);
                break;
        }
    }

    async Task WriteAsync(IServerStreamWriter<StreamingMessage> writer, CancellationToken cancellationToken)
    {
        WriteOptions flushed = new(), held = new(WriteFlags.BufferHint);
        try
        {
            while (await _out.Reader.WaitToReadAsync(cancellationToken))
            {
                while (_out.Reader.TryRead(out StreamingMessage? message))
                {
                    // What waits behind it goes out in the same write to the socket.
                    writer.WriteOptions = _out.Reader.TryPeek(out _) ? held : flushed;
                    await writer.WriteAsync(message, cancellationToken);
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException or Grpc.Core.RpcException)
        {
            Close();
        }
    }

    void Send(StreamingMessage message)
    {
        // Closing ends the writing first and then fails all that it finds; what was entered since then is failed here.
        if (!_out.Writer.TryWrite(message)) Close();
    }

    void Close()
    {
        _out.Writer.TryComplete();
        _closed.TrySetResult();
        foreach (string id in _asked.Keys)
            if (_asked.TryRemove(id, out var answer)) answer.TrySetException(new WorkerGoneException());
        foreach (string id in _invoked.Keys)
            if (_invoked.TryRemove(id, out var end)) end.TrySetException(new WorkerGoneException());
    }
}

/// <summary>The worker's stream has ended: the process is dead or dying.</summary>
internal sealed class WorkerGoneException() : Exception("the worker process has ended");
