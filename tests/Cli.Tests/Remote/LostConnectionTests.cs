using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DiffusionBatch.Cli.Tests.Remote;

/// <summary>A server that loses connections or is busy, then answers.</summary>
public sealed class LostConnectionTests : IDisposable
{
    const string Refusal =
        """{"type":"x","title":"The manifest is wrong","status":400,"detail":"1 problem","errors":[{"file":"manifest","pointer":"/kind","line":2,"column":3,"message":"expected another"}]}""";

    readonly TemporaryFolder _folder = new();
    readonly TcpListener _server = new(IPAddress.Loopback, 0);
    readonly List<string> _asked = [];

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    // Answers one request a connection, each with the next of these; "" closes the connection without a word.
    string Serve(params string[] answers)
    {
        _server.Start();
        _ = Task.Run(async () =>
        {
            foreach (string answer in answers)
            {
                using TcpClient client = await _server.AcceptTcpClientAsync();
                NetworkStream stream = client.GetStream();
                string request = await ReadAsync(stream);
                lock (_asked) _asked.Add(request);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(answer));
            }
        });
        return $"http://127.0.0.1:{((IPEndPoint)_server.LocalEndpoint).Port}";
    }

    static async Task<string> ReadAsync(NetworkStream stream)
    {
        var request = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!IsWhole(request.ToString()))
        {
            int read = await stream.ReadAsync(buffer);
            if (read == 0) break;
            request.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        return request.ToString();
    }

    // The manifest "{}" ends a submission; others have no body.
    static bool IsWhole(string request) =>
        request.EndsWith(request.StartsWith("POST /api/jobs", StringComparison.Ordinal) ? "{}" : "\r\n\r\n", StringComparison.Ordinal);

    static string Answer(string status, string type, string body) =>
        $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: "
            + $"close\r\n\r\n{body}";

    static string Key(string request) => request.Split("\r\n").Single(l => l.StartsWith("Idempotency-Key:", StringComparison.Ordinal));

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
    [InlineData("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
    public async Task A_submission_is_sent_again_under_one_key(string first)
    {
        _folder.Write("manifest.json", "{}");
        string server = Serve(first, first, Answer("400 Bad Request", "application/problem+json", Refusal));
        var ended = await Dbatch.RunAsync(_folder.Path, "submit", "manifest.json", "--server", server);
        Assert.True(ended.ExitCode == 2, ended.Error);
        Assert.Contains("manifest.json:2:3", ended.Error, StringComparison.Ordinal);
        Assert.Equal(3, _asked.Count);
        Assert.Single(_asked.Select(Key).Distinct());
    }

    [Fact]
    public async Task A_server_says_how_long_it_wants_to_be_left_alone()
    {
        _folder.Write("manifest.json", "{}");
        string server = Serve("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            Answer("400 Bad Request", "application/problem+json", Refusal));
        long began = Stopwatch.GetTimestamp();
        var ended = await Dbatch.RunAsync(_folder.Path, "submit", "manifest.json", "--server", server);
        Assert.True(ended.ExitCode == 2, ended.Error);
        Assert.True(Stopwatch.GetElapsedTime(began) >= TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData("POST", "poison", "requeue", "1")]
    [InlineData("GET", "status", "--limit", "1")]
    public async Task Only_what_may_arrive_twice_is_sent_again(string method, params string[] command)
    {
        const string busy = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        var ended = await Dbatch.RunAsync(_folder.Path, [.. command, "--server", Serve(busy, busy, busy, busy)]);
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("answered 503", ended.Error, StringComparison.Ordinal);
        Assert.Equal(method == "POST" ? 1 : 4, _asked.Count(request => request.StartsWith(method, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{\"id\":")]
    [InlineData("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{")]
    public async Task An_answer_that_breaks_off_is_told_in_a_sentence(string answer)
    {
        _folder.Write("manifest.json", "{}");
        var ended = await Dbatch.RunAsync(_folder.Path, "submit", "manifest.json", "--server", Serve(answer));
        Assert.Equal(1, ended.ExitCode);
        Assert.DoesNotContain("unexpected", ended.Error, StringComparison.Ordinal);
    }
}
