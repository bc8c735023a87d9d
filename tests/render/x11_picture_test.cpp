#include "app/window/x11_picture.h"

#include <array>
#include <cstdlib>
#include <random>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/render/virtual_display.h"
#include "tests/render/x11_client.h"

namespace headlight::test {
namespace {

std::string noise(std::size_t size) {
  std::mt19937 random(7);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

std::string readAll(int end) {
  std::string all;
  char buffer[65536];
  for (ssize_t got = 0; (got = read(end, buffer, sizeof buffer)) > 0;)
    all.append(buffer, static_cast<std::size_t>(got));
  return all;
}

TEST(X11Picture, IsPastedByAnotherProcess) {
  const VirtualDisplay display;
  ASSERT_EQ(display.error(), "");
  for (const std::size_t size :
       {std::size_t{1}, std::size_t{100'000}, std::size_t{256 * 1024}, std::size_t{3'000'001}}) {
    SCOPED_TRACE(size);
    int start[2];
    int pasted[2];
    ASSERT_EQ(pipe(start), 0);
    ASSERT_EQ(pipe(pasted), 0);
    // Made while there is no other thread that might hold a lock.
    const pid_t child = fork();
    if (child == 0) {
      close(start[1]);
      char go = 0;
      if (read(start[0], &go, 1) == 1) {
        X11Client client;
        const std::string bytes = client.paste("image/png").value_or("refused");
        for (std::size_t done = 0; done < bytes.size();) {
          const ssize_t wrote = write(pasted[1], bytes.data() + done, bytes.size() - done);
          if (wrote <= 0) break;
          done += static_cast<std::size_t>(wrote);
        }
      }
      _exit(0);
    }
    close(pasted[1]);
    const std::string png = noise(size);
    {
      auto picture = X11Picture::open();
      ASSERT_TRUE(picture);
      const auto offered = (*picture)->offer(png);
      ASSERT_TRUE(offered) << offered.error().text();
      ASSERT_EQ(write(start[1], "g", 1), 1);
      EXPECT_TRUE(readAll(pasted[0]) == png);
    }
    waitpid(child, nullptr, 0);
    for (const int end : {start[0], start[1], pasted[0]}) close(end);
  }
}

TEST(X11Picture, SaysWhatItIsAndRefusesTheRest) {
  const VirtualDisplay display;
  ASSERT_EQ(display.error(), "");
  auto picture = X11Picture::open();
  ASSERT_TRUE(picture);
  X11Client client;
  EXPECT_FALSE(client.paste("image/png")) << "nothing was offered yet";
  ASSERT_TRUE((*picture)->offer("a picture"));
  EXPECT_EQ(client.paste("TARGETS").value_or("").size(), 3 * sizeof(long));
  EXPECT_EQ(client.paste("TIMESTAMP").value_or("").size(), sizeof(long));
  EXPECT_FALSE(client.paste("UTF8_STRING"));
  EXPECT_EQ(client.paste("image/png"), "a picture");
  ASSERT_TRUE((*picture)->offer("another"));
  EXPECT_EQ(client.paste("image/png"), "another");
}

TEST(X11Picture, OutlivesWhoeverAskedAndGivesWayToOthers) {
  const VirtualDisplay display;
  ASSERT_EQ(display.error(), "");
  auto picture = X11Picture::open();
  ASSERT_TRUE(picture);
  ASSERT_TRUE((*picture)->offer(noise(1'000'000)));
  // They stay connected: the display gives their windows' numbers to nobody else.
  std::array<X11Client, 20> gone;
  for (X11Client& one : gone) one.askAndLeave("image/png");
  X11Client client;
  EXPECT_EQ(client.paste("image/png").value_or("").size(), 1'000'000u);
  X11Client other;
  other.own();
  ASSERT_TRUE((*picture)->offer("mine again"));
  EXPECT_TRUE(client.paste("image/png") == "mine again");
}

TEST(X11Picture, WithoutADisplaySaysSo) {
  unsetenv("DISPLAY");
  const auto picture = X11Picture::open();
  ASSERT_FALSE(picture);
  EXPECT_NE(picture.error().what.find("X11"), std::string::npos);
}

}  // namespace
}  // namespace headlight::test
