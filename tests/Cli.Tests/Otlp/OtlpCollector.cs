using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;

namespace DiffusionBatch.Cli.Tests.Otlp;

/// <summary>Takes what is sent by OTLP over HTTP, in protocol buffers (opentelemetry-proto 1.x), and keeps it.</summary>
internal sealed class OtlpCollector : IDisposable
{
    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    readonly HttpListener _listener = new();
    readonly ConcurrentQueue<Span> _spans = [];
    readonly ConcurrentQueue<Log> _logs = [];
    readonly ConcurrentDictionary<string, string> _metrics = [];
    readonly ConcurrentQueue<byte[]> _bodies = [];

    public OtlpCollector(int port)
    {
        Url = $"http://127.0.0.1:{port}/";
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _ = ListenAsync();
    }

    public string Url { get; }

    public IReadOnlyCollection<Span> Spans => _spans;

    public IReadOnlyCollection<Log> Logs => _logs;

    /// <summary>The metrics' names with their units.</summary>
    public IReadOnlyDictionary<string, string> Metrics => _metrics;

    /// <summary>Whether a text is in anything that was sent.</summary>
    public bool Has(string text) => _bodies.Any(b => b.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    /// <summary>Waits until something was sent.</summary>
    public async Task UntilAsync(Func<OtlpCollector, bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(s_limit);
        while (!condition(this))
        {
            Assert.False(limit.IsCancellationRequested,
                $"{what} didn't come. "
                    + $"Spans: {string.Join("; ", Spans.Select(s => $"{s.Service}: {s.Name} {s.Trace} {s.Id} in {s.Parent}"))}. "
                    + $"Metrics: {string.Join(", ", Metrics)}");
            await Task.Delay(50, CancellationToken.None);
        }
    }

    public void Dispose() => _listener.Close();

    async Task ListenAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            Take(context.Request.Url!.AbsolutePath, body.ToArray());
            context.Response.ContentType = "application/x-protobuf";
            context.Response.Close();
        }
    }

    void Take(string path, byte[] body)
    {
        _bodies.Enqueue(body);
        foreach (ProtoFields resource in new ProtoFields(body).All(1))
        {
            string service = Attributes(resource.All(1).Single(), 1).GetValueOrDefault("service.name", "");
            foreach (ProtoFields entry in resource.All(2).SelectMany(scope => scope.All(2)))
            {
                if (path == "/v1/traces") _spans.Enqueue(Span.Of(service, entry));
                else if (path == "/v1/logs")
                    _logs.Enqueue(new Log(service, entry.All(5).Single().Text(1), entry.Hex(9), Attributes(entry, 6)));
                else _metrics[entry.Text(1)] = entry.Text(3);
            }
        }
    }

    static Dictionary<string, string> Attributes(ProtoFields message, int field)
    {
        var found = new Dictionary<string, string>();
        foreach (ProtoFields pair in message.All(field))
        {
            ProtoFields value = pair.All(2).Single();
            found[pair.Text(1)] = value.Has(1) ? value.Text(1) : value.Has(4)
                ? BitConverter.UInt64BitsToDouble(value.Number(4)).ToString(CultureInfo.InvariantCulture)
                : $"{value.Number(3)}";
        }
        return found;
    }

    /// <summary>A span; ids in hexadecimal digits, times in nanoseconds.</summary>
    internal sealed record Span(string Service, string Trace, string Id, string Parent, string Name, ulong Kind, ulong Start, ulong End,
        IReadOnlyDictionary<string, string> Attributes, ulong Status)
    {
        public static Span Of(string service, ProtoFields span) => new(
            service, span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), span.Number(6), span.Number(7), span.Number(8),
            OtlpCollector.Attributes(span, 9),
            span.All(15).FirstOrDefault()?.Number(3) ?? 0);

        public string this[string attribute] => Attributes.GetValueOrDefault(attribute, "");
    }

    internal sealed record Log(string Service, string Body, string Trace, IReadOnlyDictionary<string, string> Attributes);
}
