import java.io.FileReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The steps of a pipeline as one writes them with Kafka Streams: each message of a topic is given to the algo's server,
 * its answer goes into a second topic, and each message of that to a webhook.
 *
 * java KafkaStreamsPipeline.java CLIENT_PROPERTIES INPUT OUTPUT ALGO_URL WEBHOOK_URL THREADS
 */
public final class KafkaStreamsPipeline {
  private static final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public static void main(String[] args) throws Exception {
    Properties settings = new Properties();
    try (FileReader file = new FileReader(args[0])) {
      settings.load(file);
    }
    String input = args[1];
    String output = args[2];
    URI algo = URI.create(args[3]);
    URI webhook = URI.create(args[4]);
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "bench-streams");
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, args[5]);
    settings.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
    settings.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, args[0] + ".state");
    settings.put("auto.offset.reset", "latest");

    StreamsBuilder builder = new StreamsBuilder();
    builder.<byte[], byte[]>stream(input).mapValues(text -> post(algo, text)).to(output);
    builder.<byte[], byte[]>stream(output).foreach((key, text) -> post(webhook, text));
    KafkaStreams streams = new KafkaStreams(builder.build(), settings);
    streams.setStateListener((now, before) -> System.out.println(now));
    Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
    streams.start();
  }

  private static byte[] post(URI url, byte[] text) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(url)
              .header("content-type", "text/plain")
              .POST(HttpRequest.BodyPublishers.ofByteArray(text))
              .build();
      HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() / 100 != 2) throw new IllegalStateException("status " + response.statusCode());
      return response.body();
    } catch (Exception error) {
      throw new IllegalStateException(error);
    }
  }
}
