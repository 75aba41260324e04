using System.Globalization;
using Microsoft.ML.OnnxRuntime;

// Which digit is on a picture of 28x28 gray pixels, white on black? The trained model lies in the program.
string path = args is [var given] ? given : Path.Combine(AppContext.BaseDirectory, "seven.pgm");
byte[] file = File.Exists(path) ? File.ReadAllBytes(path) : [];
if (args.Length > 1 || file.Length != 13 + 784 || !file.AsSpan().StartsWith("P5\n28 28\n255\n"u8))
{
    Console.Error.WriteLine($"'{path}' is no portable graymap (P5, without comments) of 28x28 pixels");
    return 1;
}

using Stream resource = typeof(Program).Assembly.GetManifestResourceStream("lenet5.onnx")!;
var model = new byte[resource.Length];
resource.ReadExactly(model);

using var options = new SessionOptions { EnableMemoryPattern = false };          // as DirectML wants it
bool hasDirectML = OrtEnv.Instance().GetAvailableProviders().Contains("DmlExecutionProvider");
if (hasDirectML)
{
    options.AppendExecutionProvider_DML(0);                                      // the first graphics adapter, of any vendor
}

using var session = new InferenceSession(model, options);
float mean = Fact("cnn.graph.mean"), deviation = Fact("cnn.graph.std");          // the model knows how its pixels were normalised
float[] pixels = [.. file[^784..].Select(p => ((p / 255f) - mean) / deviation)];
using OrtValue image = OrtValue.CreateTensorValueFromMemory(pixels, [1, 1, 28, 28]);
using var run = new RunOptions();
using var results = session.Run(run, ["image"], [image], ["output"]);
ReadOnlySpan<float> scores = results[0].GetTensorDataAsSpan<float>();
int digit = scores.IndexOf(scores.ToArray().Max());
Console.WriteLine($"{digit}, on {(hasDirectML ? "DirectML" : "the CPU")}");
return 0;

float Fact(string key) => float.Parse(session.ModelMetadata.CustomMetadataMap[key], CultureInfo.InvariantCulture);
